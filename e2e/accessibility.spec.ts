// Every page and panel against WCAG 2.2 AA, light and dark, wide and narrow.
import { expectAccessible } from './accessible.ts'
import { StoresPage } from './pages/stores-page.ts'
import { Window } from './pages/window.ts'
import { expect, test } from './script.ts'

test.use({
  script: {
    answers: [{ answer: 'A **list**: `code` [docs](https://example.org) ![x](https://evil.example/p.png)' }],
  },
})

test('chat, memory, models and settings', async ({ window, page }) => {
  await expectAccessible(page, 'new chat')
  await window.chat.say('I repair a violin.')
  await expect(window.chat.chips).toBeVisible()
  await window.newChat()
  const answer = await window.chat.say('What about the violin?')
  await window.chat.openUsed(answer)
  await expectAccessible(page, 'chat')

  await answer.getByRole('link', { name: 'docs' }).click()
  await expectAccessible(page, 'question before a link')
  await page.keyboard.press('Escape')

  await window.openMemory()
  await window.memory.open('violin')
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toBeVisible()
  await expectAccessible(page, 'memory')
  await window.memory.forget()
  await expect(window.notices).toContainText('Forgotten')
  await expectAccessible(page, 'memory after forgetting')

  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expectAccessible(page, 'adding a memory')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Alt+b')
  await expect(page.getByText('Nothing waits for you')).toBeVisible()
  await expectAccessible(page, 'an empty inbox')

  await window.openModels()
  await expect(page.getByRole('article').first()).toBeVisible()
  await expectAccessible(page, 'models')
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  await expectAccessible(page, 'settings')

  await page.keyboard.press('Control+/')
  await expect(page.getByRole('button', { name: 'Change the keys of “New chat”' })).toBeVisible()
  await expectAccessible(page, 'shortcuts')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('violin')
  await expect(page.getByRole('option').filter({ hasText: 'What about the violin?' }).first()).toBeVisible()
  await expectAccessible(page, 'palette')
  await page.keyboard.press('Escape')
})

test('before forgetting and before going back', async ({ window, page }) => {
  await window.chat.say('I repair a violin.')
  await expect(window.chat.chips).toBeVisible()
  await window.openMemory()
  await window.memory.open('violin')
  await window.memory.button('Forget').click()
  await expect(window.memory.forgetDialog.getByRole('checkbox').first()).toBeVisible()
  await expectAccessible(page, 'question before forgetting')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Earlier' }).click()
  await expect(page.getByLabel('What was known on')).toBeVisible()
  await expectAccessible(page, 'what was known on a day')
  await page.getByRole('button', { name: 'Bring everything back…' }).click()
  await expect(page.getByRole('dialog').getByText(/as they were then|This is what changes/)).toBeVisible()
  await expectAccessible(page, 'before going back')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Back to now' }).click()
})

test('stores, the builder, to-dos and writing style', async ({ window, page }) => {
  const stores = new StoresPage(page)
  await window.chat.say('Hello')
  await stores.open()
  await expectAccessible(page, 'stores')
  await page.getByRole('main').getByRole('link', { name: 'Reading list' }).click()
  await page.getByLabel('Name of field 1').fill('')
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('Name of field 1').fill('Author')
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText(/entries found/)).toBeVisible()
  await expectAccessible(page, 'builder')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing in it yet' })).toBeVisible()
  await stores.add('Dune', { Author: 'Frank Herbert' })
  await expectAccessible(page, 'store as a table')
  await page.getByRole('radio', { name: 'Cards' }).click()
  await expectAccessible(page, 'store as cards')
  await page.getByRole('radio', { name: 'Form' }).click()
  await expect(page.getByRole('textbox', { name: 'Entry' })).toHaveValue('Dune')
  await expectAccessible(page, 'store as a form')
  await stores.openStore('To-dos')
  await stores.addTodo('Renew the passport', '2020-01-02')
  await expect(stores.todos).toHaveCount(1)
  await expectAccessible(page, 'to-dos')
  await stores.openStore('Writing style')
  await expect(page.getByLabel(/^Paste an e-mail/)).toBeVisible()
  await expectAccessible(page, 'writing style')
})

test('a narrow window', async ({ window, page }) => {
  await window.chat.say('Hello')
  await page.setViewportSize({ width: 400, height: 800 })
  await expectAccessible(page, 'narrow chat')
  await page.getByRole('button', { name: 'Open menu' }).click()
  await expectAccessible(page, 'drawer')
  await page.keyboard.press('Escape')
  // Nothing may be cut off or need sideways scrolling.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
})

test('the transcript is a log that is not live; one polite region speaks', async ({ page, modelFile }) => {
  const window = new Window(page)
  await window.useModelFile(modelFile)
  await window.chat.say('Hello')
  await expect(window.chat.transcript).toHaveAttribute('aria-live', 'off')
  await expect(window.status).toHaveAttribute('aria-live', 'polite')
})
