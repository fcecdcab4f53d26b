// The way out: everything in one file that only its passphrase opens, a part, and one chat as a text to read.
import { expectAccessible } from './accessible.ts'
import { DataPage } from './pages/data-page.ts'
import { expect, test } from './script.ts'

test('everything goes out under a passphrase, and a chat as plain text', async ({ window, page }) => {
  await window.chat.say('I am allergic to peanuts.')
  await expect(window.chat.chips).toBeVisible()
  const data = new DataPage(page)

  // Found by the words one would type.
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('takeout')
  await expect(page.getByRole('dialog').getByRole('option', { name: /Export/ })).toBeVisible()
  await page.keyboard.press('Escape')

  await data.open()
  const preview = page.getByRole('region', { name: 'What would go into the file' })
  await expect(preview).toContainText('1 memory')
  await expect(preview).toContainText('1 chat')
  await page.getByRole('switch', { name: 'Protect the file with a passphrase' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill('correct horse')
  const again = page.getByLabel('The same once more')
  await again.fill('something else')
  await again.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('The two are not the same. Type it once more.')
  await expectAccessible(page, 'export')
  await again.fill('correct horse')
  const whole = await data.download(() => again.press('Enter'))
  expect(whole.name).toMatch(/^understudy-\d{4}-\d\d-\d\d\.zip\.age$/)
  expect(whole.bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
  expect(whole.bytes.includes('peanuts')).toBe(false)
  await expect(window.notices).toContainText('was saved with your downloads')
  await expect(page.getByRole('list', { name: 'Files', exact: true })).toBeHidden()

  // A part of it, by the keyboard.
  await page.getByRole('radio', { name: 'Everything' }).focus()
  await page.keyboard.press('ArrowDown')
  const part = page.getByRole('radio', { name: 'A part' })
  await expect(part).toBeFocused()
  await part.press('Space')
  await expect(part).toBeChecked()
  await page.getByRole('button', { name: 'To-dos', exact: true }).press('Space')
  await page.getByRole('switch', { name: 'With chats' }).press('Space')
  await expect(preview).toContainText('Nothing of your data fits this choice.')
  await expectAccessible(page, 'export of a part')

  // Who sees it is asked once something is shared.
  const scope = page.getByLabel('Who sees it')
  await expect(scope).toBeHidden()
  await window.openMemory()
  await window.memory.open('peanuts')
  await window.memory.act('Share…')
  await page.getByRole('dialog').getByRole('button', { name: 'Share it' }).click()
  await expect(window.memory.rows).toHaveCount(2)
  await data.open()
  await page.getByRole('radio', { name: 'A part' }).click()
  await expect(preview).toContainText('2 memories')
  await scope.selectOption({ label: 'everyone on this computer' })
  await expect(preview).toContainText('1 memory')

  await window.chats.first().focus()
  await page.getByRole('button', { name: /^Actions for/ }).click()
  const text = await data.download(() => page.getByRole('menuitem', { name: /Markdown/ }).click())
  expect(text.name).toMatch(/\.md$/)
  expect(text.bytes.toString()).toContain('I am allergic to peanuts.')
})
