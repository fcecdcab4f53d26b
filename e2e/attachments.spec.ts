// Files in a chat: chosen, dropped, pasted, as a folder; refused in words; read by the model as data; shown, opened,
// removed and brought back.
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { bombPdf, makePdf } from '../src/main/attachments/reading/testing.ts'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test.use({
  script: {
    answers: [{ answer: 'Very well.' }, { word: 'End', beside: 'boathouse', answer: 'It ends on 30 June.' }],
  },
})

const strip = (page: Page): Locator => page.getByRole('list', { name: 'Files for the next message' })

test('files are attached, read as data, opened, removed and brought back', async ({ window, page, folder }) => {
  const { chat } = window
  const lease = join(folder, 'lease.pdf')
  await writeFile(lease, makePdf(['The lease of the boathouse ends on 30 June.']))
  const choose = page.locator('input[type="file"]')
  await choose.first().setInputFiles(lease)
  await expect(strip(page)).toContainText('PDF · 1 page')

  // It lies in the composer over a reload, and can be looked at and taken out there.
  await page.reload()
  const chip = strip(page).getByRole('button', { name: 'Open “lease.pdf”' })
  await chip.click()
  const dialog = page.getByRole('dialog', { name: 'lease.pdf' })
  await expect(dialog.getByRole('region', { name: 'Text of the file' })).toHaveText(/ends on 30 June/)
  await expectAccessible(page, 'text of a file')
  await page.keyboard.press('Escape')
  await expect(chip).toBeFocused()
  await page.getByRole('button', { name: 'Remove “lease.pdf”' }).click()
  await expect(strip(page)).toBeHidden()
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(strip(page)).toContainText('lease.pdf')

  const answer = await chat.say('When does it End ?')
  await expect(answer).toContainText('It ends on 30 June.')
  await expect(answer.getByRole('list', { name: 'Files read for this answer' })).toHaveText(
    'lease.pdf: whole file read',
  )
  await expect(strip(page)).toBeHidden()
  await expect(chat.questions.first()).toContainText('lease.pdf')
  // Nothing of it is the person's word.
  await expect(chat.chips).toBeHidden()

  await page.getByRole('button', { name: 'Files of this chat' }).click()
  const list = page.getByRole('dialog', { name: 'Files of this chat' })
  await list.getByRole('button', { name: 'Open “lease.pdf”' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(list).toContainText('This chat has no files.')
  await page.keyboard.press('Escape')
  await expect(chat.questions.first()).not.toContainText('lease.pdf')
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(chat.questions.first()).toContainText('lease.pdf')
})

test('what cannot be read is refused in words; folders, long pastes and drops come in', async ({
  window,
  page,
  folder,
}) => {
  const shed = join(folder, 'shed')
  await mkdir(join(shed, '.git'), { recursive: true })
  await mkdir(join(shed, 'src'))
  await writeFile(join(shed, '.git', 'config'), 'x')
  await writeFile(join(shed, 'src', 'main.py'), 'print("gate")')
  await writeFile(join(shed, 'notes.txt'), Buffer.from([1, 2, 3, 0, 255]))
  await writeFile(join(folder, 'huge.txt'), '')
  await truncate(join(folder, 'huge.txt'), 2 ** 31)
  await writeFile(join(folder, 'bomb.pdf'), bombPdf(900))
  await writeFile(join(folder, 'diary.txt'), Buffer.from(Array.from({ length: 900 }, (_, index) => (index * 7) % 256)))
  const [files, whole] = [page.locator('input[type="file"]').first(), page.locator('input[type="file"]').nth(1)]

  await files.setInputFiles(['huge.txt', 'bomb.pdf', 'diary.txt'].map((name) => join(folder, name)))
  await expect(strip(page)).toContainText('larger than the 20 MB')
  await expect(strip(page)).toContainText('This is not text, whatever its name says.')
  await expect(strip(page)).toContainText('far more memory than its size promises', { timeout: 60_000 })
  for (const name of ['huge.txt', 'bomb.pdf', 'diary.txt']) {
    await page.getByRole('button', { name: `Remove “${name}”` }).click()
  }

  // A picture, however it comes: refused in the same words, and what was written stays.
  await window.chat.composer.fill('What is on it?')
  await files.setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG') })
  await page.evaluate(() => {
    const picture = (name: string) => {
      const data = new DataTransfer()
      data.items.add(new File(['\x89PNG'], name, { type: 'image/png' }))
      return data
    }
    const dropped = { dataTransfer: picture('dropped.png'), bubbles: true, cancelable: true }
    document.body.dispatchEvent(new DragEvent('drop', dropped))
    const pasted = { clipboardData: picture('image.png'), bubbles: true, cancelable: true }
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', pasted))
  })
  for (const name of ['cat.png', 'dropped.png', 'image.png']) {
    const chip = strip(page).getByRole('listitem').filter({ hasText: name })
    await expect(chip).toContainText('no model here can see yet. It was not attached; what you wrote is kept.')
    await chip.getByRole('button', { name: `Remove “${name}”` }).click()
  }
  await expect(window.chat.composer).toHaveValue('What is on it?')
  await window.chat.composer.fill('')

  await whole.setInputFiles(shed)
  await expect(strip(page)).toContainText('shed')
  await expect(page.getByText('2 files of “shed” were left out: 1 hidden, 1 not text.')).toBeVisible()

  const long = Array.from({ length: 80 }, (_, index) => `line ${index}`).join('\n')
  const paste = (text: string) =>
    window.chat.composer.evaluate((area, words) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', words)
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)
  await paste(long)
  await expect(strip(page)).toContainText('Pasted text')
  await window.notices.getByRole('button', { name: 'Keep as text' }).click()
  await expect(window.chat.composer).toHaveValue(long)
  await expect(strip(page)).not.toContainText('Pasted text')
  await window.chat.composer.fill('')

  await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['# Dropped'], 'dropped.md'))
    for (const type of ['dragenter', 'dragover'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  })
  await expect(page.getByText('Drop files here to attach them')).toBeVisible()
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['# Dropped'], 'dropped.md'))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })
  await expect(strip(page)).toContainText('dropped.md')
  await expect(page.getByText('Drop files here')).toBeHidden()
  await expectAccessible(page, 'composer with files')
  const answer = await window.chat.say('Look at these')
  await expect(answer).toContainText('Very well.')
  await expect(window.chat.questions.first()).toContainText('shed')
})
