// Off means off: nothing read, nothing written; what is there can still be seen. On means on again.
import { expect, test } from './script.ts'

test.use({
  script: {
    answers: [{ answer: 'Very well.' }],
  },
})

test('while Learning is off nothing is remembered and nothing remembered is used', async ({ window, page }) => {
  await window.chat.say('I play the cello.')
  await expect(window.chat.chips).toContainText('cello')

  await window.learning.click()
  await expect(window.learning).not.toBeChecked()
  await window.newChat()
  await expect(page.getByText('Learning is off: nothing you say is remembered')).toBeVisible()
  const answer = await window.chat.say('I live near the harbour and practise the cello there.')
  await expect(window.chat.used(answer)).toHaveText('used no memories')

  await window.openMemory()
  await expect(page.getByText('Learning is off: nothing here is used in answers')).toBeVisible()
  await expect(window.memory.rows).toHaveText([/cello/])

  await window.learning.click()
  await expect(window.learning).toBeChecked()
  await window.newChat()
  const used = await window.chat.say('Which strings for the cello?')
  await expect(window.chat.used(used)).toHaveText('used 1 memory')
  // What was said while learning was off is not caught up on.
  await window.openMemory()
  await expect(window.memory.rows).toHaveText([/cello/])
})

test('the switch is remembered across a restart', async ({ window, app, startApp, problems }) => {
  problems.expectLostApp()
  await window.learning.click()
  await expect(window.learning).not.toBeChecked()
  await app.stop()
  const again = await startApp({ profile: app.profile })
  const page = await window.page.context().newPage()
  await page.goto(again.address)
  await expect(page.getByRole('switch', { name: 'Learning is off' })).not.toBeChecked()
  await page.close()
})
