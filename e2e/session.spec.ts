// Beside the chat: its goal, plan and notes, written, ticked off, reworded and taken back, and the memories its answers used.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test.use({ script: { answers: [{ answer: 'Very well.' }] } })

test('the panel of a chat keeps its thread, and says which memories are in play', async ({ window, page }) => {
  await window.chat.say('I play the cello.')
  await expect(window.chat.chips).toContainText('cello')
  await window.newChat()
  const answer = await window.chat.say('Which strings for the cello?')
  await expect(window.chat.used(answer)).toHaveText('used 1 memory')
  await page.keyboard.press('Alt+j')
  const panel = page.getByRole('complementary', { name: 'This chat' })
  await expect(panel.getByRole('link', { name: /cello/ })).toBeVisible()
  await expect(panel).toContainText('in 1 answer')
  await panel.getByRole('button', { name: 'Keep the thread of chats' }).click()
  await expect(panel).toContainText('this keeps the thread')

  await panel.getByRole('textbox', { name: 'Set a goal' }).fill('A warmer sound')
  await page.keyboard.press('Enter')
  await expect(panel.getByText('A warmer sound')).toBeVisible()
  const step = panel.getByRole('textbox', { name: 'Add a step' })
  for (const text of ['Try gut strings', 'Move the <b>bridge</b>']) {
    await step.fill(text)
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('checkbox', { name: text })).toBeVisible()
  }
  await panel.getByRole('checkbox', { name: 'Try gut strings' }).check()
  await expect(panel).toContainText('1 of 2 steps done')
  await expectAccessible(page, 'the panel of a chat')

  const line = panel.getByRole('listitem').filter({ hasText: 'bridge' })
  await line.getByRole('button', { name: 'Reword' }).click()
  await panel.getByRole('textbox', { name: 'Text of the memory' }).fill('Move the sound post')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('checkbox', { name: 'Move the sound post' })).toBeVisible()
  await panel.getByRole('listitem').filter({ hasText: 'gut strings' }).hover()
  await panel.getByRole('listitem').filter({ hasText: 'gut strings' }).getByRole('button', { name: 'Take out' }).click()
  await expect(panel.getByRole('checkbox')).toHaveCount(1)
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(panel.getByRole('checkbox', { name: 'Try gut strings' })).toBeChecked()

  // Another chat has a thread of its own; this one is as it was after a reload.
  await window.newChat()
  await expect(panel).toBeHidden()
  await page.goBack()
  await page.reload()
  await expect(panel.getByText('A warmer sound')).toBeVisible()
})
