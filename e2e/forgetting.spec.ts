// Forgetting, seen from the window: what it takes is shown first, it is gone at once, comes back while its time lasts, and
// leaves nothing afterwards.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test.use({
  script: {
    answers: [{ answer: 'A fine thing.  Say hello to the Quillfeather.\n\nAnything else?' }],
  },
})

const told = 'I sail a boat called Quillfeather.'
const beside = 'Which knots should I learn first?'

/** Files of a profile in which a word stands. */
async function filesWith(folder: string, word: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name)
    if ((await readFile(file).catch(() => Buffer.alloc(0))).includes(word)) found.push(file)
  }
  return found
}

test('everywhere: shown sentence by sentence, blanked with a mark, brought back, and in the end gone from every file', async ({
  window,
  app,
}) => {
  test.setTimeout(180_000)
  await window.chat.say(`${told} ${beside}`)
  await expect(window.chat.chips).toContainText('Quillfeather')
  await expect(window.chats.first()).toContainText('Quillfeather')

  await window.openMemory()
  await window.memory.open('Quillfeather')
  await window.memory.button('Forget').click()
  const dialog = window.memory.forgetDialog
  await expect(dialog.getByRole('radio', { name: 'Everywhere' })).toBeChecked()
  const lines = dialog.getByRole('checkbox')
  await expect(lines).toHaveCount(3)
  for (const line of await lines.all()) await expect(line).toBeChecked()
  await expect(dialog).toContainText('Say hello to the Quillfeather.')
  await expect(dialog).not.toContainText(beside)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(window.memory.rows).toHaveCount(1)

  await window.memory.forget()
  await expect(window.notices).toContainText('Forgotten everywhere')
  await expect(window.memory.rows).toHaveCount(0)
  await expect(window.chats.first()).toHaveText('Forgotten title')
  await window.chats.first().click()
  const question = window.chat.questions.first()
  await expect(question).toContainText(beside)
  await expect(question).toContainText('forgotten')
  await expect(question).not.toContainText('Quillfeather')
  await expect(window.chat.answers.first()).toContainText('Anything else?')
  await expect(window.chat.answers.first()).not.toContainText('Quillfeather')

  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(question).toHaveText(`${told} ${beside}`)
  await expect(window.chat.answers.first()).toContainText('Say hello to the Quillfeather.')
  await expect(window.chats.first()).toContainText('Quillfeather')

  // The same by way of what is chosen in the list.
  await window.openMemory()
  await window.memory.choose(/Quillfeather/).check()
  await window.memory.bar.getByRole('button', { name: 'Forget', exact: true }).click()
  await window.memory.forgetDialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(window.notices).toContainText('Forgotten everywhere')
  // After its time: no file of the running app's profile holds the words.
  await expect.poll(() => filesWith(app.profile, 'Quillfeather'), { timeout: 90_000 }).toEqual([])
  await window.chats.first().click()
  await expect(question).toContainText(beside)
  await expect(question).toContainText('forgotten')
})

test('only what was learned: the chat keeps its words', async ({ window }) => {
  await window.chat.say(told)
  await expect(window.chat.chips).toContainText('Quillfeather')
  await window.openMemory()
  await window.memory.open('Quillfeather')
  await window.memory.button('Forget').click()
  const dialog = window.memory.forgetDialog
  await dialog.getByRole('radio', { name: 'Only what was learned' }).check()
  await expect(dialog).toContainText('no longer recalled or learned from')
  await dialog.getByRole('button', { name: 'Forget what was learned' }).click()
  await expect(window.memory.rows).toHaveCount(0)
  await window.chats.first().click()
  await expect(window.chat.questions.first()).toHaveText(told)
})

test('a sentence that is unticked stays', async ({ window }) => {
  await window.chat.say(told)
  await expect(window.chat.chips).toContainText('Quillfeather')
  await window.openMemory()
  await window.memory.open('Quillfeather')
  await window.memory.button('Forget').click()
  await window.memory.forgetDialog.getByRole('checkbox', { name: told }).first().uncheck()
  await window.memory.forgetDialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(window.memory.rows).toHaveCount(0)
  await window.chats.first().click()
  await expect(window.chat.questions.first()).toHaveText(told)
  await expect(window.chat.answers.first()).not.toContainText('Quillfeather')
})

test('why it is known, an earlier wording again, and a day brought back', async ({ window, page }) => {
  await window.openMemory()
  await window.memory.add('The office is in Lyon')
  await window.memory.edit('The office is in Nantes')
  await expect(window.memory.detail).toContainText('You wrote it yourself on')
  await expect(window.memory.detail).toContainText('You changed it on')
  await window.memory.detail.getByRole('button', { name: 'use this version again' }).click()
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toHaveText('The office is in Lyon')
  await expect(window.notices).toContainText('as it was then')

  await page.getByRole('button', { name: 'Earlier' }).click()
  const list = page.getByRole('list', { name: 'Memories of that day' })
  await expect(list).toContainText('The office is in Lyon')
  await page.getByLabel('What was known on').fill('2020-01-01')
  await expect(page.getByText('Nothing was known then')).toBeVisible()
  await page.getByRole('button', { name: 'Bring everything back…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('was not there yet and goes')
  await dialog.getByRole('button', { name: 'Bring it back' }).click()
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(window.memory.rows).toHaveCount(0)
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(window.memory.rows).toHaveText(/Lyon/)
})

test('a chat is forgotten whole, from its menu; deleting it asks what becomes of what was learned from it', async ({
  window,
  page,
}) => {
  await window.chat.say(told)
  await expect(window.chat.chips).toContainText('Quillfeather')
  const choose = async (entry: string) => {
    await window.chats.first().hover()
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: entry, exact: true }).click()
  }
  await choose('Forget everything from it…')
  const dialog = page.getByRole('dialog', { name: 'Forget everything from this chat?' })
  await expect(dialog).toContainText('Quillfeather')
  await dialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(window.chats).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(window.chats).toHaveCount(1)

  await choose('Delete')
  const asks = page.getByRole('dialog', { name: /^Delete “/ })
  await expect(asks).toContainText('1 memory was learned from this chat')
  await expect(asks.getByRole('radio', { name: 'Keep it' })).toBeChecked()
  await expectAccessible(page, 'what becomes of what was learned')
  await asks.getByRole('radio', { name: 'Look at it first' }).click()
  await asks.getByRole('button', { name: 'Show it' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory')
  await expect(window.memory.rows).toHaveText([/Quillfeather/])
  await page.getByRole('link', { name: 'Open the chat' }).click()

  await choose('Delete')
  await expect(asks.getByRole('button', { name: 'Delete the chat' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(window.chats).toHaveCount(0)
  await expect(window.notices).toContainText('What was learned from it stays')
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(window.chat.questions).toHaveText(told)

  await choose('Delete')
  await asks.getByRole('radio', { name: 'Delete it too' }).click()
  await asks.getByRole('button', { name: 'See what goes…' }).click()
  await expect(dialog).toContainText('Quillfeather')
  await expect(dialog.getByRole('radio')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(window.chats).toHaveCount(0)
  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(0)
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(window.memory.rows).toHaveText([/Quillfeather/])
  await expect(window.chats).toHaveCount(1)
})
