// The first minutes: what this is, where data lives, a model that fits, what to call one, and a way on when a step is
// skipped or cannot be done.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expectAccessible } from './accessible.ts'
import { Window } from './pages/window.ts'
import { expect, test } from './script.ts'

test('three steps to the first answer: what this is, a model, what to call you and how to learn', async ({
  page,
  app,
  folder,
  modelFile,
}) => {
  const window = new Window(page)
  // As long as a start takes.
  await window.next.waitFor()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome')
  await expect(page.getByText('Step 1 of 3')).toBeVisible()
  await expect(page.getByText(app.profile)).toBeVisible()
  await expectAccessible(page, 'first step')
  // By keys: the heading has the focus, the button is the next stop.
  await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(window.next).toBeFocused()
  await page.keyboard.press('Enter')

  const card = page.getByRole('article').first()
  await expect(card).toContainText('Recommended for this computer')
  await expect(card).toContainText(/\d(\.\d)? GB/)
  await expect(card).toContainText(/licence \S+/)
  await expect(card).toContainText(/Fits this computer|May be slow/)
  await expect(card).toContainText(/From \S+/)
  await expect(card.getByRole('button', { name: /^Download/ })).toBeVisible()
  await expectAccessible(page, 'second step')

  const file = page.getByLabel('Use a file I already have')
  const take = page.getByRole('button', { name: 'Use this file' })
  await writeFile(join(folder, 'notes.gguf'), 'these are only notes')
  await file.fill(join(folder, 'notes.gguf'))
  await take.click()
  await expect(page.getByRole('alert')).toContainText(/\w+/)
  await file.fill(join(folder, 'nowhere.gguf'))
  await take.click()
  await expect(page.getByRole('alert')).toContainText(/not|no /i)
  await expect(page.getByText('Step 2 of 3')).toBeVisible()
  await file.fill(modelFile)
  await take.click()
  await expect(window.engine).toHaveText(/ready/)
  await window.next.click()

  const example = page.getByRole('figure', { name: 'For example' })
  await expect(example).toContainText('Remembered: Lives in Porto')
  await example.getByRole('button', { name: 'Undo' }).click()
  await expect(example).toContainText('Not kept.')
  await page.getByRole('radio', { name: 'Propose everything' }).click()
  await expect(example).toContainText('Keep this?')
  await expectAccessible(page, 'third step')
  // A reload in the middle loses nothing but what was typed.
  await page.reload()
  await expect(page.getByRole('radio', { name: 'Propose everything' })).toBeChecked()
  await page.getByLabel('What should it call you?').fill('  Ines ')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  await expect(window.notices).toContainText('You are called Ines.')
  await expect(window.chat.composer).toBeFocused()

  const answer = await window.chat.say('I repair a violin.')
  await expect(answer).toContainText('Very well.')
  await expect(window.chat.transcript.getByRole('region', { name: 'Asks for your decision' })).toContainText('violin')
  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(1)
  await window.memory.open('Ines')
  await expect(window.memory.detail).toContainText('You wrote this by hand')
})

test('can be skipped: one looks around and writes a memory, and is told what is missing', async ({ page }) => {
  const window = new Window(page)
  await page.getByRole('button', { name: 'Skip the introduction' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  await expect(page.getByText('There is no model yet, so nobody can answer')).toBeVisible()
  await window.chat.composer.fill('for later')
  await window.openMemory()
  await window.memory.add('The bin is emptied on Mondays')
  await expect(window.memory.rows).toHaveCount(1)
  await page.reload()
  await expect(window.memory.rows).toHaveCount(1)
  await window.newChat()
  await expect(window.chat.composer).toHaveValue('for later')
  await page.getByRole('link', { name: 'Choose a model' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Models')
})

test.describe('without a network', () => {
  const hook = pathToFileURL(join(import.meta.dirname, 'no-network.mjs')).href
  test.use({ startOptions: { env: { NODE_OPTIONS: `--import=${hook}` } } })

  test('the failure is told in words and a model that can be had is offered by itself', async ({ page }) => {
    await new Window(page).next.click()
    await page.getByRole('link', { name: 'Other models' }).click()
    const large = page.getByRole('article', { name: /12B/ })
    await large.getByRole('button', { name: /^Download/ }).click()
    await expect(large.getByRole('alert')).toContainText(/\w+ \w+/)
    await expect(large.getByRole('button', { name: 'Try again' })).toBeEnabled()
    const offered = page
      .getByRole('article')
      .filter({ hasText: 'The model you wanted cannot be had from here. This one can.' })
    await expect(offered.getByRole('button', { name: /^Download/ })).toBeEnabled()
    // In the introduction too, which goes on where one left it.
    await page.goBack()
    await expect(page.getByText('Step 2 of 3')).toBeVisible()
    await expect(offered).toBeVisible()
  })
})
