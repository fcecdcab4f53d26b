// What was said in one chat and is no memory is found in another, with its reason, and leads back to its place.
import { expect, test } from './script.ts'

const advice = 'Snowdrops and winter aconite cope with deep shade.'

test.use({ script: { answers: [{ answer: 'Very well.' }, { word: 'bulbs', answer: advice }] } })

test('an answer of another chat is used, says why, leads there, and can be taken out of use', async ({
  window,
  page,
}) => {
  const question = 'Which bulbs would suit the shady courtyard?'
  const first = await window.chat.say(question)
  await expect(window.chat.used(first)).toHaveText('used no memories')

  await window.newChat()
  const second = await window.chat.say('What copes with deep shade again, winter aconite?')
  await expect(window.chat.used(second)).toHaveText(/^used \d passages?$/)
  const panel = await window.chat.openUsed(second)
  const item = panel.getByRole('listitem').filter({ hasText: advice })
  await expect(item).toContainText('the assistant answered')
  await expect(item).toContainText(`in “${question}”`)
  await expect(item).toContainText('“aconite”')
  await expect(item).toContainText(/\d+ tokens/)

  // Out of use, where it was used and from now on; and back.
  await item.getByRole('button', { name: 'don’t use this again' }).click()
  await expect(item).toContainText('no longer used')
  await expect(item.getByRole('button', { name: 'use it again' })).toBeFocused()
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(item).not.toContainText('no longer used')

  await item.getByRole('link', { name: 'show it there' }).click()
  await expect(window.chat.questions).toHaveText(question)
  await expect(window.chat.answers.first()).toBeFocused()
  await page.goBack()
  await expect(window.chat.questions).toContainText('What copes')
})

test('what all of a chat said is taken out of use in one step', async ({ window }) => {
  await window.chat.say('Which bulbs would suit the shady courtyard?')
  await window.newChat()
  const answer = await window.chat.say('What copes with deep shade again, winter aconite?')
  const panel = await window.chat.openUsed(answer)
  await panel.getByRole('button', { name: 'nothing from that chat' }).first().click()
  await expect(window.notices).toContainText('2 messages of that chat')
  await expect(panel.getByRole('button', { name: 'nothing from that chat' })).toHaveCount(0)
})
