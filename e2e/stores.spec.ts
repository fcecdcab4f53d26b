// A store of one's own from the example to the undo of its end, and the two built-in ones with a page in their own way.
import { readFile } from 'node:fs/promises'
import { StoresPage } from './pages/stores-page.ts'
import { expect, test } from './script.ts'

test.use({ script: { answers: [{ answer: 'Very well.' }] } })

test('a store is tried, turned on, filled, given other fields and deleted, and loses nothing', async ({
  window,
  page,
}) => {
  test.slow()
  const stores = new StoresPage(page)
  await window.chat.say('Add Dune by Frank Herbert to my reading list, state: reading.')

  // Tried before it is there: what it finds, in fields, with the words and the way to them. Nothing is kept.
  await stores.open()
  await page.getByRole('main').getByRole('link', { name: 'Reading list' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  const find = page.getByRole('list', { name: 'What it would have kept' }).getByRole('listitem').first()
  await expect(find).toContainText('Frank Herbert')
  await expect(find).toContainText('reading')
  await expect(find.getByRole('blockquote')).toContainText('Add Dune by Frank Herbert to my reading list')
  await expect(find.getByRole('link', { name: /^Go to these words/ })).toHaveAttribute(
    'href',
    /#\/chat\/.+\?mark=\d+-\d+$/,
  )
  await expect(page.getByText('1 entry found,')).toContainText('Nothing was saved.')

  // What is wrong is said at its field.
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('Memories')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('alert')).toContainText('There is a store "Memories" already')
  await name.fill('Books')
  await page.getByLabel('Name of field 3').fill('')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByLabel('Name of field 3')).toBeFocused()
  await page.getByLabel('Name of field 3').fill('Verdict')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Books')
  await expect(page.getByRole('heading', { name: 'Nothing in it yet' })).toBeVisible()

  // Filled by hand and in a chat; changed in place with the keys; sorted.
  await stores.add('<b>Emma</b>', { Author: 'Jane Austen' })
  await expect(stores.rows).toHaveCount(1)
  await stores.cell('State', '<b>Emma</b>').click()
  await page.getByRole('combobox', { name: 'State' }).selectOption('wanted')
  await page.keyboard.press('Enter')
  await expect(stores.cell('State', '<b>Emma</b>')).toBeFocused()
  await expect(stores.cell('State', '<b>Emma</b>')).toHaveText('wanted')
  await stores.cell('Verdict', '<b>Emma</b>').click()
  await page.getByRole('textbox', { name: 'Verdict' }).fill('sharp')
  await page.keyboard.press('Enter')
  await expect(stores.cell('Verdict', '<b>Emma</b>')).toHaveText('sharp')
  await window.newChat()
  await window.chat.say('Jane Austen lives in Bath.')
  await window.newChat()
  await window.chat.say('Add Walden to my books, state: finished.')
  await expect(window.chat.chips).toContainText('Walden')
  await stores.openStore('Books')
  await expect(stores.rows).toHaveCount(2)
  await page.getByRole('columnheader', { name: 'Entry' }).getByRole('button').click()
  await expect(page.getByRole('columnheader', { name: 'Entry' })).toHaveAttribute('aria-sort', 'ascending')
  await expect(stores.rows.first()).toContainText('Emma')
  // Who is known is offered while one types, and leads to their page.
  await stores.cell('Author', '<b>Emma</b>').click()
  const author = page.getByRole('combobox', { name: 'Author' })
  await author.fill('aust')
  await expect(page.locator('datalist option')).toHaveAttribute('value', 'Jane Austen')
  await author.press('Escape')
  await page.getByRole('link', { name: 'To the page of Jane Austen' }).click()
  const person = page.getByRole('complementary', { name: 'Person or thing in detail' })
  await expect(person.getByRole('heading', { level: 2 })).toHaveText('Jane Austen')
  await page.goBack()

  // Rows as a file of this computer, and a rule with a sentence to try it.
  const download = page.waitForEvent('download')
  await stores.choose('Download as CSV')
  const file = await download
  expect(file.suggestedFilename()).toBe('Books.csv')
  expect(await readFile(await file.path(), 'utf8')).toContain('<b>Emma</b>,Jane Austen,wanted,sharp,')
  await stores.choose('Never keep…')
  await page.getByLabel('Never keep', { exact: true }).fill('my aunt')
  await page.getByLabel('Try it on a sentence').fill('Aunt Jo of mine reads Persuasion.')
  await expect(page.getByRole('dialog').getByRole('status')).toHaveText('Would be left out because of “my aunt”.')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  // Other fields: first what becomes of the values, and then all of them are still there.
  await stores.choose('Change fields and words…')
  await page.getByLabel('Kind of State').selectOption('Number')
  await page.getByRole('button', { name: 'Remove Verdict' }).click()
  // Left and come back to, it stands as it was typed.
  await window.openMemory()
  await stores.openStore('Books')
  await stores.choose('Change fields and words…')
  await expect(page.getByText('You began this earlier.')).toBeVisible()
  await expect(page.getByLabel('Kind of State')).toHaveValue('number')
  await expect(page.getByRole('button', { name: 'Remove Verdict' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Save' }).click()
  const preview = page.getByRole('dialog', { name: 'What happens to what is there' })
  await expect(preview).toContainText('2 of 2 values do not fit')
  await expect(preview).toContainText('Its 1 value is kept and comes back with the field.')
  await preview.getByRole('button', { name: 'Change the fields' }).click()
  await expect(stores.cell('State', '<b>Emma</b>')).toContainText('wanted')
  await expect(stores.cell('State', '<b>Emma</b>')).toContainText('shown as it was written')
  await expect(page.getByRole('columnheader', { name: 'Verdict' })).toHaveCount(0)
  await stores.choose('Change fields and words…')
  await expect(page.getByText('You began this earlier.')).toHaveCount(0)
  await page.getByLabel('Name', { exact: true }).fill('Novels')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await stores.choose('Change fields and words…')
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Books')
  await page.getByRole('button', { name: 'Cancel' }).click()

  // Deleted with a look at what goes, and brought back whole.
  await stores.choose('Delete this store…')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('2 entries leave every list with it:')
  await expect(dialog).toContainText('Walden')
  await dialog.getByRole('button', { name: 'Delete the store' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stores')
  await expect(page.getByRole('heading', { name: 'Deleted stores' })).toBeVisible()
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await stores.openStore('Books')
  await expect(stores.rows).toHaveCount(2)
})

test('to-dos come up when they matter and are done; writing style is learned from a text and tried', async ({
  window,
  page,
}) => {
  test.slow()
  const stores = new StoresPage(page)
  await stores.open()
  await page.getByRole('switch', { name: 'To-dos learns' }).click()
  await expect(page.getByRole('switch', { name: 'To-dos learns' })).toBeChecked()
  await stores.openStore('To-dos')
  await stores.addTodo('Call the plumber by tomorrow')
  await expect(stores.todos).toContainText(['Call the plumber'])
  await expect(stores.todos.first()).toContainText('Tomorrow')
  await stores.addTodo('Renew the passport', '2020-01-02')
  await expect(stores.todos.first()).toContainText('Overdue')
  await window.newChat()
  await window.chat.say('Remind me to water the ferns tomorrow.')
  await expect(window.chat.chips).toContainText('Water the ferns')
  await window.newChat()
  const answer = await window.chat.say('What should I plan for tomorrow?')
  await expect(window.chat.used(answer)).toHaveText('used 3 memories')

  await stores.openStore('To-dos')
  const ferns = stores.todos.filter({ hasText: 'Water the ferns' })
  await expect(ferns.getByRole('link')).toHaveAttribute('href', /#\/chat\//)
  await page.getByRole('checkbox', { name: 'Done: Water the ferns' }).click()
  await expect(stores.todos).toHaveCount(2)
  await page.getByRole('button', { name: '1 done' }).click()
  await page.getByRole('checkbox', { name: 'Open again: Water the ferns' }).click()
  await expect(stores.todos).toHaveCount(3)
  await page.getByRole('button', { name: 'Delete: Renew the passport' }).click()
  await expect(stores.todos).toHaveCount(2)
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(stores.todos).toHaveCount(3)

  // An order by hand, kept over a reload; a move is taken back like any other change.
  const order = ['Call the plumber', 'Renew the passport', 'Water the ferns'].map((text) => new RegExp(text))
  await page.getByLabel('Order').selectOption('By hand')
  await expect(stores.todos).toHaveText(order)
  await page.getByRole('button', { name: 'Move up: Water the ferns' }).press('Enter')
  await expect(stores.todos).toHaveText([order[0], order[2], order[1]] as RegExp[])
  await expect(window.status).toHaveText('Moved to place 2 of 3')
  await expect(page.getByRole('button', { name: 'Move up: Water the ferns' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(stores.todos).toHaveText([order[2], order[0], order[1]] as RegExp[])
  await page.reload()
  await expect(stores.todos).toHaveText([order[2], order[0], order[1]] as RegExp[])
  await page.goto(`${new URL(page.url()).origin}/#/activity`)
  const log = page.getByRole('region', { name: 'Activity' }).getByRole('article')
  await log.first().getByRole('button', { name: 'undo' }).click()
  await expect(log.filter({ hasText: 'undone' })).not.toHaveCount(0)
  await stores.openStore('To-dos')
  await expect(stores.todos).toHaveText([order[0], order[2], order[1]] as RegExp[])

  await stores.openStore('Writing style')
  const sample =
    "Hey Tom, it's been a while. I'm back and can't wait to see you. We've got two boats now!\nCheers,\nInes"
  await page.getByLabel(/^Paste an e-mail/).fill(sample)
  await page.getByRole('button', { name: 'Add this text' }).click()
  const greeting = page.getByRole('listitem').filter({ hasText: 'Greets with "Hey"' })
  await expect(greeting).toContainText('seen in 1 of 1 text')
  await expect(greeting).toContainText('back and can')
  await page.getByLabel(/^Any text/).fill('Dear Sir or Madam, I am unable to attend.')
  await page.getByRole('button', { name: 'Rewrite in my style' }).click()
  await expect(page.getByRole('region', { name: 'Try it' })).toContainText('Very well.')
  await expect(page.getByRole('region', { name: 'Try it' })).toContainText('Nothing of it was stored.')
})
