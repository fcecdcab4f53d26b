// What is told in one chat is remembered, used in another, traced to its words, corrected, undone and forgotten.
import { readFile } from 'node:fs/promises'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test.use({
  script: {
    answers: [{ answer: 'Very well.' }],
  },
})

const told = 'I own a telescope from Jena.'

test('a chip says what was remembered, and the next chat uses it and says why', async ({ window, page }) => {
  const first = await window.chat.say(told)
  await expect(window.chat.used(first)).toHaveText('used no memories')
  await expect(window.chat.chips).toContainText('Remembered: The user owns a telescope from Jena.')
  await expect(window.chat.composer).toBeFocused()

  await window.newChat()
  const second = await window.chat.say('Which telescope should I take outside?')
  await expect(window.chat.used(second)).toHaveText('used 1 memory')
  const panel = await window.chat.openUsed(second)
  await expect(panel).toContainText('telescope from Jena')
  await expect(panel).toContainText('matched “telescope”')
  await expect(panel).toContainText(/\d+ tokens?/)

  // From the answer to the memory, from the memory to the words it rests on.
  await panel.getByRole('link', { name: 'why do you know this?' }).click()
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toContainText('telescope from Jena')
  await expect(window.memory.detail).toContainText(told)
  await expect(window.memory.detail).toContainText('1 time')
  await window.memory.detail.getByRole('link', { name: new RegExp(told.slice(0, 12)) }).click()
  const source = window.chat.questions.first()
  await expect(source).toBeFocused()
  await expect(source.locator('mark')).toHaveText(told)
  await page.goBack()
  await expect(window.memory.detail).toContainText(told)
})

test('undo in the chip takes it back at once', async ({ window }) => {
  await window.chat.say(told)
  const chip = window.chat.chips.first()
  await chip.getByRole('button', { name: 'undo' }).click()
  await expect(chip).toContainText('undone')
  await expect(chip.getByRole('button', { name: 'undo' })).toHaveCount(0)
  await window.openMemory()
  await expect(window.page.getByText('Nothing remembered yet')).toBeVisible()
})

test('a memory is corrected in the chat, and its history shows both versions', async ({ window }) => {
  await window.chat.say(told)
  const chip = window.chat.chips.first()
  await chip.getByRole('button', { name: 'edit' }).click()
  const field = chip.getByRole('textbox', { name: 'Text of the memory' })
  await expect(field).toBeFocused()
  await field.fill('The user owns a telescope from Dresden.')
  await field.press('Enter')
  await expect(chip.getByRole('button', { name: 'edit' })).toBeFocused()

  await window.openMemory()
  await window.memory.open('telescope from Dresden')
  const history = window.memory.detail.getByRole('region').or(window.memory.detail).locator('ol')
  await expect(history.locator('del')).toHaveText('Jena')
  await expect(history.locator('ins')).toHaveText('Dresden')
  await history.getByRole('button', { name: 'undo' }).first().click()
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toContainText('telescope from Jena')
})

test('an edit of a version that changed elsewhere shows the newer text and overwrites nothing', async ({
  window,
  page,
  app,
  problems,
}) => {
  await window.openMemory()
  await window.memory.add('The office is in Lyon')
  await window.memory.button('Edit').click()
  const field = window.memory.detail.getByRole('textbox', { name: 'Text of the memory' })
  await field.fill('The office is in Nantes')

  // A second window of the same person; it shares the cookie.
  const other = await page.context().newPage()
  other.on('pageerror', (error) => problems.add(error.message))
  await other.goto(`${app.origin}/${new URL(page.url()).hash}`)
  await other.getByRole('button', { name: 'Edit', exact: true }).click()
  await other.getByRole('textbox', { name: 'Text of the memory' }).fill('The office is in Lille')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(other.getByRole('heading', { level: 2, name: 'Lille' })).toBeVisible()
  await other.close()

  await field.press('Enter')
  await expect(window.memory.detail.getByRole('alert')).toContainText('The office is in Lille')
  await expect(field).toHaveValue('The office is in Nantes')
  await window.memory.detail.getByRole('button', { name: 'Use the newer text' }).click()
  await expect(field).toHaveValue('The office is in Lille')
})

test('added by hand, found by words, pinned, forgotten, brought back, forgotten for good', async ({ window, page }) => {
  await window.openMemory()
  await expect(page.getByText('Nothing remembered yet')).toBeVisible()
  await window.memory.add('The spare key hangs behind the clock')
  await expect(window.memory.detail).toContainText('written by you')
  await window.memory.add('The boiler is serviced every May')
  await expect(window.memory.rows).toHaveCount(2)

  await window.memory.search.fill('boiler')
  await expect(window.memory.rows.first()).toContainText('boiler')
  await window.memory.search.fill('zeppelin qwertz')
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await window.memory.search.press('Escape')

  await window.memory.open('spare key')
  await window.memory.button('Pin').click()
  await expect(window.memory.button('Unpin')).toBeVisible()

  await window.memory.forget()
  await expect(window.notices).toContainText('Forgotten everywhere')
  await expect(window.memory.rows).toHaveCount(1)
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(window.memory.rows).toHaveCount(2)

  await window.memory.open('spare key')
  await window.memory.forget()
  await expect(window.memory.rows).toHaveCount(1)
  await page.reload()
  await expect(window.memory.rows).toHaveText(/boiler/)
})

test('an answer that used a memory says so after it was forgotten, and shows no text of it', async ({ window }) => {
  await window.openMemory()
  await window.memory.add('The observatory opens at nine')
  await window.newChat()
  const answer = await window.chat.say('When does the observatory open?')
  await expect(window.chat.used(answer)).toHaveText('used 1 memory')
  await window.openMemory()
  await window.memory.open('observatory opens')
  await window.memory.forget()
  await expect(window.memory.rows).toHaveCount(0)
  await window.chats.first().click()
  const panel = await window.chat.openUsed(window.chat.answers.first())
  await expect(panel).toContainText('used an item you have deleted')
  await expect(panel).not.toContainText('nine')
})

test('many are chosen, changed, exported and forgotten at once; one is merged, split and said to be wrong; activity takes each back', async ({
  window,
  page,
}) => {
  test.slow()
  const { memory } = window
  await window.openMemory()
  for (const text of [
    'The boiler is serviced every May',
    'The boiler stands in the cellar',
    'The tent is in the attic',
  ]) {
    await memory.add(text)
    await expect(memory.detail.getByRole('heading', { level: 2 })).toHaveText(text)
  }
  // A stretch with the keyboard, then all of them.
  await memory.rows.first().focus()
  await page.keyboard.press('x')
  await expect(memory.bar).toContainText('1 chosen')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(memory.bar).toContainText('2 chosen')
  await memory.bar.getByRole('button', { name: 'Choose all 3' }).click()
  await expect(memory.bar).toContainText('3 chosen')
  await expectAccessible(page, 'chosen rows')
  await memory.bar.getByRole('button', { name: 'Pin', exact: true }).click()
  await expect(window.notices).toContainText('3 memories pinned')
  await expect(memory.rows.getByLabel('pinned')).toHaveCount(3)
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(memory.rows.getByLabel('pinned')).toHaveCount(0)
  await memory.bar.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'As a table (CSV)' }).click(),
  ])
  expect(await readFile(await download.path(), 'utf8')).toContain('The boiler stands in the cellar')
  await memory.bar.getByRole('button', { name: 'Choose nothing' }).click()
  await expect(memory.bar).toHaveCount(0)

  // Two become one, and one becomes two.
  await memory.choose(/serviced every May/).check()
  await memory.choose(/in the cellar/).check()
  await memory.bar.getByRole('button', { name: 'Merge…' }).click()
  const merging = page.getByRole('dialog', { name: 'Merge 2 memories' })
  await merging.getByRole('textbox').fill('The boiler in the cellar is serviced every May. It was built in 1987.')
  await merging.getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(memory.rows).toHaveCount(2)
  await expect(memory.detail).toContainText('The boiler stands in the cellar')
  await memory.act('Split…')
  await page
    .getByRole('dialog', { name: 'Split this memory' })
    .getByRole('button', { name: 'Split', exact: true })
    .click()
  await expect(memory.rows).toHaveCount(3)

  // Said to be wrong: out of the list, and found again where what holds no longer stands.
  await memory.open('built in 1987')
  await memory.act('This is wrong')
  await expect(memory.detail).toContainText('it was wrong')
  await expect(memory.rows).toHaveCount(2)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('radio', { name: 'replaced' }).click()
  await page.keyboard.press('Escape')
  await expect(memory.rows.filter({ hasText: /^It was built in 1987/ })).toHaveCount(1)
  // What narrows the list stays while one is elsewhere, and across a reload.
  await window.newChat()
  await window.openMemory()
  await expect(page.getByRole('list', { name: 'The list is narrowed to' })).toContainText('replaced')
  await page.getByRole('button', { name: 'No longer: replaced' }).click()
  await expect(memory.rows).toHaveCount(2)

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Activity' }).click()
  const log = page.getByRole('region', { name: 'Activity' }).getByRole('article')
  await expect(log.first()).toContainText('It was built in 1987')
  await expectAccessible(page, 'activity')
  await log.first().getByRole('button', { name: 'undo' }).click()
  await expect(log.filter({ hasText: 'undone' }).first()).toContainText('built in 1987')
  await page.getByRole('button', { name: 'What learns' }).click()
  await page.getByRole('switch', { name: /^Memories/ }).click()
  await expect(page.getByRole('switch', { name: /^Memories/ })).not.toBeChecked()
  await page.keyboard.press('Escape')

  await window.openMemory()
  await expect(memory.rows).toHaveCount(3)
  await memory.rows.first().focus()
  await page.keyboard.press('x')
  await memory.bar.getByRole('button', { name: 'Choose all 3' }).click()
  await memory.bar.getByRole('button', { name: 'Forget', exact: true }).click()
  await memory.forgetDialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(memory.rows).toHaveCount(0)
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(memory.rows).toHaveCount(3)
})

test('what is shared is looked at before, may be kept from it, and is taken back', async ({ window, page }) => {
  const { memory } = window
  await window.openMemory()
  await memory.add('The boiler is serviced every May')
  await memory.add('The spare key hangs behind the clock')
  await memory.act('Only on this computer')
  await expect(window.notices).toContainText('It cannot be shared.')
  await expect(memory.detail).toContainText('only on this computer')
  await expect(memory.detail).not.toContainText('You changed it')
  await memory.choose(/boiler/).check()
  await memory.choose(/spare key/).check()
  await memory.bar.getByRole('button', { name: 'Sharing' }).click()
  await page.getByRole('menuitem', { name: 'Share…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share these 2 with everyone on this computer' })
  await expect(dialog).toContainText('This is kept on this computer only.')
  await dialog.getByRole('textbox').fill('The boiler of the house is serviced every May')
  await expectAccessible(page, 'before sharing')
  await dialog.getByRole('button', { name: 'Share it' }).click()
  await expect(window.notices).toContainText('Shared with everyone on this computer.')
  await expect(memory.rows).toHaveCount(3)
  await memory.open('boiler of the house')
  await expect(memory.detail).toContainText('everyone on this computer')
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(memory.rows).toHaveCount(2)

  // Allowed again, for all that is chosen.
  await memory.bar.getByRole('button', { name: 'Sharing' }).click()
  await page.getByRole('menuitem', { name: 'May be shared' }).click()
  await memory.open('spare key')
  await expect(memory.detail).not.toContainText('only on this computer')
})

test('the profile is read and written as a page, and “what do you know about me?” lists it with links', async ({
  window,
  page,
}) => {
  await window.openMemory()
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByRole('button', { name: 'Add to “Lives in”' }).click()
  await page.getByRole('textbox', { name: 'Lives in' }).fill('Graz')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('definition').filter({ hasText: 'Graz' })).toContainText('written by you')
  await page.getByRole('button', { name: 'Change “Lives in”' }).click()
  await page.getByRole('textbox', { name: 'Lives in' }).fill('Linz')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('definition').filter({ hasText: 'Linz' })).toHaveCount(1)
  await expectAccessible(page, 'profile')

  await window.newChat()
  const answer = await window.chat.say('What do you know about me?')
  await expect(window.chat.used(answer)).toHaveText('used 1 memory')
  await answer.getByRole('link', { name: 'Lives in Linz' }).click()
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toHaveText('Lives in Linz')
  await window.memory.forget()
  await window.chats.first().click()
  await expect(window.chat.answers.first()).not.toContainText('Linz')
})
