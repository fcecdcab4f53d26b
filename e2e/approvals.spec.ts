// A tool of the host that needs a person: asked about in the chat, decided with one key, allowed for a chat and taken back.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

const tsx = pathToFileURL(join(import.meta.dirname, '..', 'node_modules', 'tsx', 'dist', 'loader.mjs')).href

test.use({
  startOptions: { program: ['--import', tsx, join(import.meta.dirname, 'host.ts')] },
  script: {
    answers: [
      { beside: 'Which', answer: JSON.stringify({ needed: 'open_door' }) },
      { beside: 'Which', word: 'now?', answer: JSON.stringify({ needed: 'none' }) },
      { beside: 'needs', answer: JSON.stringify({ door: 'north', seconds: 30 }) },
      { answer: 'Very well.' },
    ],
  },
})

test('a call waits for the person, also over a reload; allowed in a chat it needs nobody, until that is taken back', async ({
  window,
  page,
}) => {
  await window.newChat()
  await window.chat.composer.fill('Open the north door.')
  await window.chat.composer.press('Enter')
  const card = page.getByRole('region', { name: 'Asks for your decision' })
  await expect(card).toContainText('Use the tool “open_door”?')
  await expect(card.getByText('north')).toBeVisible()
  await expect(window.status).toContainText('Waiting for your decision')
  await expectAccessible(page, 'a call that asks')
  await page.reload()
  await card.focus()
  await page.keyboard.press('e')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('garden')
  await card.getByRole('textbox', { name: 'seconds' }).fill('half a minute')
  await card.getByRole('button', { name: 'Approve these values' }).click()
  await expect(card.getByRole('alert')).toContainText('“seconds” cannot be read')
  await card.getByRole('textbox', { name: 'seconds' }).fill('20')
  await card.getByRole('button', { name: 'Approve these values' }).click()
  const calls = window.chat.answers.last().getByRole('list', { name: 'What was done before the answer' })
  await expect(calls).toContainText('The garden door is open for 20 seconds.')
  await expect(window.chat.answers.last()).toContainText('Very well.')

  await window.chat.composer.fill('Open the north door again.')
  await window.chat.composer.press('Enter')
  await card.getByRole('button', { name: 'Always in this chat' }).click()
  await expect(calls).toContainText('The north door is open for 30 seconds.')
  const answer = await window.chat.say('And once more.')
  await expect(answer).toContainText('The north door is open for 30 seconds.')

  await page.getByRole('button', { name: 'Tools decided on in this chat' }).click()
  await expectAccessible(page, 'tools that were decided on')
  await page.getByRole('button', { name: 'Ask again about open_door' }).click()
  await expect(page.getByRole('button', { name: 'Tools decided on in this chat' })).toBeHidden()
  await window.chat.composer.fill('One last time.')
  await window.chat.composer.press('Enter')
  await card.focus()
  await page.keyboard.press('d')
  await expect(card).toBeHidden()
  await expect(calls.last()).toContainText('it was declined')
})
