// The way in: looked at first, decided on, and taken back as a whole. What comes from elsewhere waits for the person.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './accessible.ts'
import { DataPage } from './pages/data-page.ts'
import { expect, test } from './script.ts'

const FIXTURES = join(import.meta.dirname, '..', 'src', 'main', 'transfer', 'sources', 'fixtures')

test('an archive goes into another profile: as suggestions, taken back, as one’s own, and over what differs', async ({
  window,
  page,
}) => {
  // Two profiles, each opened more than once.
  test.slow()
  // Two cores are started in it.
  test.slow()
  const data = new DataPage(page)
  const waiting = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Inbox/ })
  await window.openMemory()
  await window.memory.add('The kiln fires at 1240 degrees.')
  await expect(window.memory.rows).toHaveCount(1)
  await data.open()
  await page.getByRole('switch', { name: 'Protect the file with a passphrase' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill('correct horse')
  await page.getByLabel('The same once more').fill('correct horse')
  const first = await data.makeFile()
  await window.openMemory()
  await window.memory.open('1240')
  await window.memory.edit('The kiln fires at 1250 degrees.')
  await expect(window.memory.rows.filter({ hasText: '1250' })).toHaveCount(1)
  await data.open()
  const second = await data.makeFile()

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Name of a new profile').fill('Work')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('button', { name: 'Profile: profile' }).click()
  await page.getByRole('menuitem', { name: 'Switch to “Work”' }).click()
  await page.getByRole('button', { name: 'Skip the introduction' }).click()

  // The passphrase is asked for, and asked for again.
  await data.open()
  await data.choose(first)
  const passphrase = page.getByLabel('Passphrase of the file')
  await expect(passphrase).toBeFocused()
  await passphrase.fill('wrong horse')
  await passphrase.press('Enter')
  await expect(page.getByRole('alert')).toContainText('passphrase is wrong')
  await passphrase.fill('correct horse')
  await passphrase.press('Enter')
  await expect(data.card(/^What is in /).getByRole('region', { name: 'New' })).toContainText('1 memory')
  await expectAccessible(page, 'what an import found')
  await data.take.click()
  await expect(data.card(/was imported$/)).toContainText('1 suggestion waits in the inbox.')
  await expect(waiting).toHaveText(/1$/)
  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(0)
  await data.open()
  await data.undo(first.name)
  await expect(window.notices).toContainText('The import was undone.')
  await expect(waiting).not.toHaveText(/1$/)

  // These are my own: said once more, and known at once.
  await data.choose(first)
  await passphrase.fill('correct horse')
  await passphrase.press('Enter')
  await page.getByRole('radio', { name: 'These are my own' }).click()
  await data.take.click()
  await page.getByRole('dialog').getByRole('button', { name: 'These are my own' }).click()
  await expect(data.card(/was imported$/)).toContainText('Came in: 1 memory')
  await window.openMemory()
  await window.memory.open('1240')
  await window.memory.edit('The kiln fires at 1300 degrees.')
  await expect(window.memory.rows.filter({ hasText: '1300' })).toHaveCount(1)

  // Changed on both sides.
  await data.open()
  await data.choose(second)
  const differing = data.card(/^What is in /).getByRole('region', { name: 'Different on both sides' })
  await expect(differing).toContainText('In the file: The kiln fires at 1250 degrees.')
  await expect(differing).toContainText('Here: The kiln fires at 1300 degrees.')
  await page.getByRole('radio', { name: 'These are my own' }).click()
  await page.getByRole('radio', { name: 'Replace with the file' }).click()
  await data.take.click()
  await page.getByRole('dialog').getByRole('button', { name: 'These are my own' }).click()
  await expect(data.card(/was imported$/)).toContainText('was replaced')
  await window.openMemory()
  await expect(window.memory.rows.filter({ hasText: '1250' })).toHaveCount(1)
  await data.open()
  await data.undo(second.name)
  await expect(window.notices.last()).toContainText('The import was undone.')
  await expect(data.pastImports.first()).toContainText('Undone')
  await expect(data.pastImports.first()).toBeFocused()
  await window.openMemory()
  await expect(window.memory.rows.filter({ hasText: '1300' })).toHaveCount(1)
})

test('chats, a table and pasted memories of elsewhere wait for the person', async ({ window, page }) => {
  const data = new DataPage(page)
  await data.open()
  await data.choose({ name: 'conversations.json', bytes: await readFile(join(FIXTURES, 'chatgpt.json')) })
  const refused = data.card(/^What is in /).getByRole('region', { name: 'Cannot come in' })
  await expect(refused.getByRole('listitem').first()).toContainText('conversations.json')
  await data.take.click()
  await expect(page.getByRole('alert')).toContainText('A part of the file cannot come in.')
  await page.getByRole('checkbox', { name: /^Import the rest without/ }).check()
  await data.take.click()
  await expect(data.card(/was imported$/)).toContainText('2 chats')
  await window.chats.filter({ hasText: 'Irrigation for the allotment' }).click()
  await expect(window.chat.questions.first()).toContainText('Imported, said elsewhere on')
  await expect(page.getByRole('article', { name: 'You, imported' }).first()).toBeVisible()
  await expectAccessible(page, 'a chat that was imported')

  // A table: its columns first.
  await data.open()
  await data.choose({ name: 'tasks.csv', bytes: 'Task,When\nCall the plumber,2030-05-01\nPaint the gate,\n' })
  await page.getByLabel('Store the rows go to').selectOption({ label: 'To-dos' })
  await page.getByLabel('Task', { exact: true }).selectOption({ label: 'The entry itself' })
  await expectAccessible(page, 'columns of a table')
  await page.getByRole('button', { name: 'Look at the rows' }).click()
  await expect(data.card(/^What is in /).getByRole('region', { name: 'New' })).toContainText('2 memories')
  await data.take.click()
  await expect(data.card(/was imported$/)).toContainText('2 suggestions wait in the inbox.')

  // What another assistant answered, pasted.
  await page
    .getByLabel('The answer of the other assistant')
    .fill('- [2024-05-01] - Keeps bees.\n- Lives in Tartu.\n- My password is hunter2hunter2.')
  await page.getByRole('button', { name: 'Look at it' }).click()
  await data.take.click()
  const done = data.card(/was imported$/)
  await expect(done).toContainText('2 suggestions wait in the inbox.')
  await expect(done).toContainText('1 entry did not come in')
  await expect(done).toContainText('It looks like a password')
  await done.getByRole('link', { name: 'To the inbox' }).click()
  await expect(page.getByRole('list', { name: 'Suggestions' })).toContainText('Keeps bees.')
})
