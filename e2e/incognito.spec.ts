// An incognito chat leaves no byte: not while it is open, not of its files, not after an error, not when it ended, not after
// a power cut. Only one that is kept stays.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

/** Words nobody else says, one for each place they could be left behind. */
const words = {
  normal: 'quixotryme',
  said: 'zanzibarrel',
  failed: 'wobblethorn',
  draft: 'murklespan',
  killed: 'grumbasket',
  file: 'plumdrizzle',
  fileName: 'sorrelquay',
  unsent: 'fernwhistle',
  kept: 'ottermarch',
  answered: 'Velvetine',
}

test.use({
  script: {
    answers: [
      { answer: 'Very well.' },
      { word: words.said, answer: `${words.answered} it is.` },
      { word: words.killed, answer: `${words.answered} it is.` },
      { word: words.kept, answer: 'I see.' },
    ],
  },
})

/** Which of the words stand in a file of the folder, in either of the encodings programs write. */
async function foundIn(folder: string, except: string): Promise<string[]> {
  const found = new Set<string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || join(entry.parentPath, entry.name) === except) continue
    // The app may be removing one of its own meanwhile.
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0))
    for (const [name, word] of Object.entries(words)) {
      if (bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'))) found.add(name)
    }
  }
  return [...found].sort()
}

/** Chosen as from a folder of the person's own, which lies elsewhere. */
async function attach(page: Page, name: string, text: string): Promise<void> {
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) }
  await page.locator('input[type="file"]').first().setInputFiles(file)
  await expect(page.getByRole('list', { name: 'Files for the next message' })).toContainText(`${name}Text ·`)
}

function stored(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.title]),
  )
}

test('nothing of it is on disk, in the list, in a search or in the browser', async ({
  window,
  page,
  app,
  folder,
  modelFile,
  problems,
  startApp,
}) => {
  await window.chat.say(`My normal word is ${words.normal}.`)
  await page.getByRole('navigation').getByRole('link', { name: 'Incognito chat' }).click()
  await expect(page.getByRole('note')).toContainText('no memory is read or written')
  const answer = await window.chat.say(`My word is ${words.said}.`)
  await expect(answer).toContainText(words.answered)
  await expect(answer).toContainText('used no memories')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Incognito chat')

  // Files: read for the answer, shown, and in memory as all of it.
  await attach(page, `${words.fileName}.txt`, `The parcel is called ${words.file}.`)
  const read = await window.chat.say('What is the parcel called?')
  await expect(read.getByRole('list', { name: 'Files read for this answer' })).toContainText('whole file read')
  await window.chat.questions
    .last()
    .getByRole('button', { name: `Open “${words.fileName}.txt”` })
    .click()
  await expect(page.getByRole('dialog')).toContainText(words.file)
  await page.keyboard.press('Escape')

  // An answer that cannot be: more than the model reads at once.
  const failed = await window.chat.say(`${words.failed} ${'word '.repeat(9_000)}`)
  await expect(failed.getByRole('button', { name: 'Try again' })).toBeVisible()
  await window.chat.composer.fill(`and ${words.draft}`)
  await attach(page, 'later.txt', `Never sent: ${words.unsent}.`)
  await expect(window.chats).toHaveCount(1)
  expect(await stored(page)).not.toMatch(new RegExp(Object.values(words).join('|')))
  await expect.poll(() => foundIn(folder, modelFile)).toEqual(['normal'])

  // Other pages leave it open; ending it takes everything.
  await window.newChat()
  await page.getByRole('navigation').getByRole('link', { name: 'Incognito chat open' }).click()
  await expect(window.chat.answers.first()).toContainText(words.answered)
  await expect(window.chat.composer).toHaveValue(`and ${words.draft}`)
  await page.getByRole('button', { name: 'End chat' }).click()
  await expect(window.notices).toContainText('Nothing of it was kept')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  await expect(window.chat.composer).toHaveValue('')

  // By its key, and with the power cut while it is open.
  await page.keyboard.press('Alt+i')
  await expect(page.getByRole('note')).toBeVisible()
  await attach(page, `${words.fileName}.txt`, `The parcel is called ${words.file}.`)
  await window.chat.say(`My word is ${words.killed}.`)
  await attach(page, 'later.txt', `Never sent: ${words.unsent}.`)
  problems.expectLostApp()
  await app.killAll()
  expect(await foundIn(folder, modelFile)).toEqual(['normal'])

  const again = await startApp()
  await page.goto(again.address)
  await expect(window.chats).toHaveCount(1)
  expect(await stored(page)).not.toMatch(new RegExp(Object.values(words).join('|')))
  expect(await foundIn(folder, modelFile)).toEqual(['normal'])
})

test('one that is kept is a chat like any other from then on, of which nothing was learned', async ({
  window,
  page,
}) => {
  await page.keyboard.press('Alt+i')
  const keep = page.getByRole('button', { name: 'Keep this chat' })
  await expect(page.getByRole('note')).toBeVisible()
  await expect(keep).toBeHidden()
  await attach(page, 'lease.txt', 'The lease ends on 30 June.')
  await window.chat.say(`I live in ${words.kept}.`)
  await attach(page, 'later.txt', 'Not sent yet.')
  await expectAccessible(page, 'incognito chat')
  await window.chat.composer.fill('and one thing more')
  await keep.click()
  const question = page.getByRole('dialog', { name: 'Keep this chat?' })
  await expect(question).toContainText('What was said in it so far is not learned from')
  await expect(question.getByRole('button', { name: 'Leave it incognito' })).toBeFocused()
  await expectAccessible(page, 'before an incognito chat is kept')
  await question.getByRole('button', { name: 'Keep this chat' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`I live in ${words.kept}.`)
  await expect(window.notices).toContainText('The chat is kept.')
  await expect(window.chats).toHaveCount(1)
  await expect(window.chat.composer).toHaveValue('and one thing more')
  await page.reload()
  await expect(window.chat.answers).toHaveText(/I see\./)
  await expect(window.chat.questions).toContainText('lease.txt')
  await expect(page.getByRole('list', { name: 'Files for the next message' })).toContainText('later.txt')
  await expect(window.chat.chips).toBeHidden()
  await expect(page.getByRole('navigation')).not.toContainText('open')
})
