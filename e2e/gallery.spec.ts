// Pictures of the main pages, light and dark, wide and narrow, for a person to look at: `test-results/gallery`. Nothing is
// compared; what must hold is asked by the other journeys.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Window } from './pages/window.ts'
import { expect, test } from './script.ts'

const FOLDER = join(import.meta.dirname, '..', 'test-results', 'gallery')
const WIDTHS = [1280, 400]

const ANSWER = [
  'A sourdough starter wants flour, water and **patience**. Per day:',
  '',
  '| day | flour | water |',
  '| --- | ---: | ---: |',
  '| 1 | 50 g | 50 ml |',
  '| 2 | 100 g | 100 ml |',
  '',
  '```python',
  'def feed(starter: float) -> float:',
  '    return starter * 2  # every morning',
  '```',
].join('\n')

test.use({ script: { answers: [{ answer: ANSWER }] } })

test('pictures of the main pages', async ({ page, modelFile }) => {
  test.slow()
  const window = new Window(page)
  await window.next.waitFor()
  await take(page, 'first-run-1')
  await window.next.click()
  await expect(page.getByRole('article').first()).toBeVisible()
  await take(page, 'first-run-2')
  await page.getByLabel('Use a file I already have').fill(modelFile)
  await page.getByRole('button', { name: 'Use this file' }).click()
  await expect(window.engine).toHaveText(/ready/)
  await window.next.click()
  await take(page, 'first-run-3')
  await page.getByLabel('What should it call you?').fill('Ines')
  await page.getByRole('button', { name: 'Start chatting' }).click()
  await window.chat.say('I bake sourdough bread every Sunday.')
  await expect(window.chat.chips.first()).toBeVisible()
  await window.newChat()
  await take(page, 'new-chat')
  const answer = await window.chat.say('How do I feed the sourdough starter?')
  await expect(answer.getByRole('table')).toBeVisible()
  await window.chat.openUsed(answer)
  await take(page, 'chat')

  await window.openMemory()
  await window.memory.open('sourdough')
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toBeVisible()
  await take(page, 'memory')
  await window.openModels()
  await expect(page.getByRole('article').first()).toBeVisible()
  await take(page, 'models')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('radiogroup', { name: 'Theme' })).toBeVisible()
  await take(page, 'settings')
})

/** One picture for each width and theme, of the page as it is now. */
async function take(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 860 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}-${width}.png`) })
    }
  }
  await page.setViewportSize({ width: WIDTHS[0] ?? 1280, height: 860 })
}
