// Pictures of the main pages, light and dark, wide and narrow, for a person to look at: `test-results/gallery`. Nothing is
// compared; what must hold is asked by the other journeys.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { DataPage } from './pages/data-page.ts'
import { StoresPage } from './pages/stores-page.ts'
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

test.use({
  script: {
    answers: [{ answer: 'Every Sunday: noted. The smell alone is worth it.' }, { word: 'feed', answer: ANSWER }],
  },
})

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
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).click()
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
  await window.memory.choose(/sourdough/).check()
  await take(page, 'memory-chosen')
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Who you are' })).toBeVisible()
  await take(page, 'profile')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByRole('region', { name: 'Activity' }).getByRole('article').first()).toBeVisible()
  await take(page, 'activity')
  const stores = new StoresPage(page)
  await stores.open()
  await take(page, 'stores')
  await page.getByRole('main').getByRole('link', { name: 'Reading list' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText(/entries found|entry found/)).toBeVisible()
  await take(page, 'store-builder')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing in it yet' })).toBeVisible()
  await stores.add('Dune', { Author: 'Frank Herbert' })
  await stores.add('Walden', { Author: 'Henry David Thoreau' })
  await take(page, 'store')
  await stores.openStore('To-dos')
  await stores.addTodo('Call the plumber by Friday')
  await stores.addTodo('Renew the passport', '2020-01-02')
  await take(page, 'todos')
  await stores.openStore('Writing style')
  await page
    .getByLabel(/^Paste an e-mail/)
    .fill("Hey Tom, it's been a while. I'm back and can't wait to see you. We've got two boats now!\nCheers,\nInes")
  await page.getByRole('button', { name: 'Add this text' }).click()
  await expect(page.getByText('Greets with "Hey"')).toBeVisible()
  await take(page, 'writing-style')
  await stores.openStore('Decisions')
  const decision = page.getByRole('textbox', { name: 'A decision: what you chose, and why' })
  await decision.fill('We chose Postgres over DynamoDB because we know it.')
  await decision.press('Enter')
  await expect(page.getByRole('list', { name: 'All decisions' })).toContainText('Because we know it')
  await take(page, 'decisions')

  await window.setMode('Feedback', 'Learn quietly')
  await window.newChat()
  await window.chat.say('Ana Brandt works at Halyard Labs. Ana Brandt likes rowing. Halyard Labs is based in Bristol.')
  await expect(window.chat.chips.last()).toContainText('Halyard')
  await page.keyboard.press('Alt+j')
  const panel = page.getByRole('complementary', { name: 'This chat' })
  await panel.getByRole('button', { name: 'Keep the thread of chats' }).click()
  await panel.getByRole('textbox', { name: 'Set a goal' }).fill('A boat for the spring')
  await page.keyboard.press('Enter')
  await panel.getByRole('textbox', { name: 'Add a step' }).fill('Ask Ana about the club')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('checkbox', { name: 'Ask Ana about the club' })).toBeVisible()
  await take(page, 'session')
  await page.keyboard.press('Alt+j')
  const remarked = window.chat.answers.last()
  await remarked.getByRole('button', { name: 'Not good' }).click()
  await remarked.getByRole('textbox', { name: /What should it have been/ }).fill('Too long, keep it shorter.')
  await remarked.getByRole('button', { name: 'Send' }).click()
  await expect(window.notices).toContainText('Noted')
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /^People/ })
    .click()
  await page
    .getByRole('list', { name: 'People & things' })
    .getByRole('link', { name: /Ana Brandt/ })
    .click()
  const person = page.getByRole('complementary', { name: 'Person or thing in detail' })
  await expect(person.getByRole('link', { name: /likes rowing/ })).toBeVisible()
  await take(page, 'person')
  await person.getByRole('link', { name: 'Look around' }).click()
  await expect(page.getByText('2 around Ana Brandt')).toBeVisible()
  await take(page, 'around')
  await stores.openStore('Feedback')
  await take(page, 'feedback')

  await window.openModels()
  await expect(page.getByRole('article').first()).toBeVisible()
  await take(page, 'models')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('radiogroup', { name: 'Theme' })).toBeVisible()
  await take(page, 'settings')

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your data' }).click()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('button', { name: /^Restore the backup of/ }).click()
  await expect(page.getByRole('dialog').getByRole('row', { name: /^Chats/ })).toBeVisible()
  await take(page, 'restore')
  await page.keyboard.press('Escape')
  await take(page, 'data')

  const data = new DataPage(page)
  await data.open()
  await expect(page.getByRole('region', { name: 'What would go into the file' })).toContainText('memories')
  await take(page, 'data')
  await data.choose({ name: 'Notes.md', bytes: '# The boat\n\nIt wants paint.' })
  await expect(data.take).toBeVisible()
  await take(page, 'import')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()

  await window.setMode('Memories', 'Ask me in the inbox')
  await window.newChat()
  await window.chat.say('I play the cello in a small orchestra.')
  await window.chat.say('I sing in a choir on Tuesdays.')
  await page.keyboard.press('Alt+b')
  await expect(page.getByRole('list', { name: 'Suggestions' }).getByRole('article')).toHaveCount(2)
  await page.keyboard.press('j')
  await take(page, 'inbox')

  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('sourdough')
  await expect(
    page
      .getByRole('dialog')
      .getByRole('option', { name: /every Sunday/ })
      .first(),
  ).toBeVisible()
  await take(page, 'palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+/')
  await expect(page.getByRole('heading', { level: 1, name: 'Keyboard shortcuts' })).toBeVisible()
  await take(page, 'shortcuts')
  await page.getByRole('navigation', { name: 'Main' }).getByText('Incognito chat').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Incognito chat' })).toBeVisible()
  await take(page, 'incognito')
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
