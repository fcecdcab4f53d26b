// The app is ended without a word, or started twice: what was acknowledged is there, and what was to be done is done once.
import { Window } from './pages/window.ts'
import { expect, slowModel, test } from './script.ts'

test.use({
  script: { answers: [{ answer: 'Very well.' }] },
})

/** The page goes on at the address of the next run. */
const nextAddress = /^request:/

test('killed in the middle of an answer: the question is kept, the answer says it was cut, a retry works', async ({
  app,
  startApp,
  folder,
  page,
  problems,
}) => {
  const window = new Window(page)
  await window.useModelFile(slowModel(folder))
  await window.chat.composer.fill('Tell me a long story')
  await window.chat.composer.press('Enter')
  await expect(window.chat.questions).toHaveText('Tell me a long story')
  await expect(window.chat.stop).toBeVisible()
  // The page loses its line, and says so in the console.
  problems.expectLostApp()
  problems.expect(nextAddress)
  await app.killAll()

  const again = await startApp({ profile: app.profile })
  await page.goto(again.address)
  await window.chats.filter({ hasText: 'Tell me a long story' }).click()
  await expect(window.chat.questions).toHaveText('Tell me a long story')
  await expect(window.chat.answers).toHaveCount(1)
  await expect(window.chat.answers).toHaveAttribute('aria-busy', 'false')
  await window.chat.answers.getByRole('button', { name: /again|retry/i }).click()
  await expect(window.chat.stop).toBeVisible()
  await window.chat.stop.click()
  await expect(window.chat.stop).toBeHidden()
})

test('killed before it learned from a message: it learns after the next start, once', async ({
  app,
  startApp,
  window,
  page,
  problems,
}) => {
  await window.chat.say('I live by the harbour.')
  problems.expectLostApp()
  problems.expect(nextAddress)
  await app.killAll()

  const again = await startApp({ profile: app.profile })
  await page.goto(again.address)
  await window.openMemory()
  await expect(window.memory.rows).toHaveText(/lives by the harbour/)
  await expect(window.memory.rows).toHaveCount(1)
  await window.chats.first().click()
  await expect(window.chat.questions).toHaveText('I live by the harbour.')
  await expect(window.chat.answers).toContainText('Very well.')
})

test('a second start on one profile names the first and leaves it alone', async ({ app, startApp, window }) => {
  const second = await startApp({ profile: app.profile })
  expect(await second.ended()).toMatchObject({ code: 1 })
  expect(second.output).toContain(String(app.pid))
  await expect(await window.chat.say('Are you still there?')).toContainText('Very well.')
})

test('Ctrl+C stops in order, and the next start finds everything', async ({
  app,
  startApp,
  window,
  page,
  problems,
}) => {
  await window.chat.say('Keep this')
  problems.expectLostApp()
  problems.expect(nextAddress)
  expect(await app.stop()).toEqual({ code: 0, signal: null })
  const again = await startApp({ profile: app.profile })
  await page.goto(again.address)
  await expect(window.chats).toHaveText(['Keep this'])
})
