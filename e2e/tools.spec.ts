// What the assistant does before it answers: visible calls with undo, a pause for the person's decision, and what the
// person makes of an answer.
import { expect, test } from './script.ts'

const fact = 'The user plays the cello.'

test.use({
  script: {
    answers: [
      { beside: 'Which', answer: JSON.stringify({ needed: 'remember' }) },
      // With a call made there is nothing more to do.
      { beside: 'Which', word: 'now?', answer: JSON.stringify({ needed: 'none' }) },
      { beside: 'needs', answer: JSON.stringify({ text: fact }) },
      { answer: 'Very well.' },
    ],
  },
})

test('a call is seen before the answer, and taken back from there', async ({ window }) => {
  await window.setMode('Memories', 'Let the assistant decide')
  await window.newChat()
  const answer = await window.chat.say('I play the cello.')
  const calls = answer.getByRole('list', { name: 'What was done before the answer' })
  await expect(calls.getByRole('listitem')).toHaveCount(1)
  await expect(calls).toContainText('cello')
  await window.openMemory()
  await expect(window.memory.rows).toHaveText([/cello/])
  await window.page.goBack()
  await calls.getByRole('button', { name: 'Undo' }).click()
  await expect(calls).toContainText('undone')
  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(0)
})

test('a store that asks holds the turn until the person decides, with one key', async ({ window, page }) => {
  await window.setMode('Memories', 'Ask me at once')
  await window.newChat()
  await window.chat.composer.fill('I play the cello.')
  await window.chat.composer.press('Enter')
  const card = page.getByRole('region', { name: 'Asks for your decision' })
  await expect(card).toContainText('cello')
  await expect(window.chat.answers.last()).toHaveAttribute('aria-busy', 'true')
  // Typed elsewhere, the letter is a letter.
  await window.chat.composer.fill('a')
  await expect(card).toBeVisible()
  await window.chat.composer.fill('')
  await card.focus()
  await page.keyboard.press('a')
  await expect(card).toHaveCount(0)
  await expect(window.chat.answers.last()).toHaveAttribute('aria-busy', 'false')
  await expect(window.chat.answers.last()).toContainText('Very well.')
  await window.openMemory()
  await expect(window.memory.rows).toHaveText([/cello/])
})

test('what was declined is not kept', async ({ window, page }) => {
  await window.setMode('Memories', 'Ask me at once')
  await window.newChat()
  await window.chat.composer.fill('I play the cello.')
  await window.chat.composer.press('Enter')
  const card = page.getByRole('region', { name: 'Asks for your decision' })
  await card.getByRole('button', { name: 'Decline' }).click()
  await expect(card).toHaveCount(0)
  await expect(window.chat.answers.last()).toContainText('Very well.')
  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(0)
})

test('a thumb down asks what it should have been, and can be taken back', async ({ window }) => {
  await window.setMode('Feedback', 'Learn quietly')
  await window.newChat()
  const answer = await window.chat.say('Hello there, what is up?')
  await answer.getByRole('button', { name: 'Not good' }).click()
  await answer.getByRole('textbox', { name: /What should it have been/ }).fill('Too long, keep it shorter.')
  await answer.getByRole('button', { name: 'Send' }).click()
  await expect(window.notices).toContainText('Noted')
  await window.openMemory()
  await expect(window.memory.rows.filter({ hasText: 'Did not like an answer' })).toHaveCount(1)
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(window.memory.rows).toHaveCount(0)
})

test('while nothing learns from reactions there are no thumbs', async ({ window }) => {
  const answer = await window.chat.say('Hello there, what is up?')
  await expect(answer.getByRole('button', { name: 'Good answer' })).toHaveCount(0)
})
