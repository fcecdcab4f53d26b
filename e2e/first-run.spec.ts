// The first minutes: what this is, where data lives, a model that fits, and a way on when it cannot be had.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Window } from './pages/window.ts'
import { expect, test } from './script.ts'

test('says what it is, where data lives, and puts one model forward with what one must know', async ({ page, app }) => {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome')
  await expect(page.getByText(app.profile)).toBeVisible()
  const card = page.getByRole('article').first()
  await expect(card).toContainText('Recommended for this computer')
  await expect(card).toContainText(/\d(\.\d)? GB/)
  await expect(card).toContainText(/licence \S+/)
  await expect(card).toContainText(/Fits this computer|May be slow/)
  await expect(card).toContainText(/From \S+/)
  await expect(card.getByRole('button', { name: /^Download/ })).toBeVisible()
})

test('can be skipped: one looks around, writes a memory, and what one types is kept', async ({ page }) => {
  const window = new Window(page)
  await window.chat.composer.fill('for later')
  await page.getByRole('button', { name: 'Skip for now' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  await expect(page.getByText('There is no model yet, so nobody can answer')).toBeVisible()
  await expect(window.chat.composer).toHaveValue('for later')
  await window.openMemory()
  await window.memory.add('The bin is emptied on Mondays')
  await expect(window.memory.rows).toHaveCount(1)
  await page.reload()
  await expect(window.memory.rows).toHaveCount(1)
  await window.newChat()
  await page.getByRole('link', { name: 'Choose a model' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Models')
})

test('a file that is no model is refused in words, and nothing changes', async ({ page, folder }) => {
  const file = join(folder, 'notes.gguf')
  await writeFile(file, 'these are only notes')
  await page.getByLabel('Use a file I already have').fill(file)
  await page.getByRole('button', { name: 'Use this file' }).click()
  await expect(page.getByRole('alert')).toContainText(/\w+/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome')
  await page.getByLabel('Use a file I already have').fill(join(folder, 'nowhere.gguf'))
  await page.getByRole('button', { name: 'Use this file' }).click()
  await expect(page.getByRole('alert')).toContainText(/not|no /i)
})

test('a file of one’s own is loaded and answers', async ({ window }) => {
  const answer = await window.chat.say('Hello')
  await expect(answer).toContainText('Very well.')
})

test.describe('without a network', () => {
  const hook = pathToFileURL(join(import.meta.dirname, 'no-network.mjs')).href
  test.use({ startOptions: { env: { NODE_OPTIONS: `--import=${hook}` } } })

  test('the failure is told in words and a model that can be had is offered by itself', async ({ page }) => {
    await page.getByRole('link', { name: 'Other models' }).click()
    const large = page.getByRole('article', { name: /12B/ })
    await large.getByRole('button', { name: /^Download/ }).click()
    await expect(large.getByRole('alert')).toContainText(/\w+ \w+/)
    await expect(large.getByRole('button', { name: 'Try again' })).toBeEnabled()
    const offered = page
      .getByRole('article')
      .filter({ hasText: 'The model you wanted cannot be had from here. This one can.' })
    await expect(offered.getByRole('button', { name: /^Download/ })).toBeEnabled()
    // On the first page too.
    await page.goBack()
    await expect(offered).toBeVisible()
  })
})
