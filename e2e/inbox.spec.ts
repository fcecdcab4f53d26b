// The inbox: what waits is grouped by its chat, shows the words it came from, is decided with one key, and reaches no answer
// before it is approved.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test.use({ script: { answers: [{ answer: 'Very well.' }] } })

test('suggestions wait, are decided by keys, together, put off, reworded and taken back', async ({ window, page }) => {
  await window.setMode('Memories', 'Ask me in the inbox')
  await window.newChat()
  await window.chat.say('I play the cello.')
  await window.chat.say('I sing in a choir on Tuesdays.')
  await window.newChat()
  await window.chat.say('I bake sourdough bread every Sunday.')
  const door = page.getByRole('navigation').getByRole('link', { name: /^Inbox/ })
  await expect(door).toHaveText(/3$/)

  // Nothing of it is used before it is approved.
  await window.newChat()
  const blank = await window.chat.say('Which strings for the cello?')
  await expect(window.chat.used(blank)).not.toContainText(/\d memor/)

  await door.click()
  const list = page.getByRole('list', { name: 'Suggestions' })
  const cards = list.getByRole('article')
  await expect(list.getByRole('heading', { level: 2 })).toHaveText([/From “I play the cello/, /From “I bake sourdough/])
  await expect(cards).toHaveCount(3)
  await expect(cards.first()).toContainText('I play the cello.')
  await expect(cards.first()).toContainText('You, ')
  await expectAccessible(page, 'the inbox')

  // A letter decides nothing before a card has the focus; then it does, and the next card takes its place.
  await page.keyboard.press('a')
  await page.keyboard.press('j')
  await expect(cards.first()).toBeFocused()
  await page.keyboard.press('j')
  await expect(cards.nth(1)).toBeFocused()
  await page.keyboard.press('k')
  await expect(cards.first()).toBeFocused()
  await expect(cards).toHaveCount(3)
  await page.keyboard.press('a')
  await expect(cards).toHaveCount(2)
  await expect(cards.first()).toBeFocused()
  await expect(door).toHaveText(/2$/)

  await page.keyboard.press('e')
  const words = cards.first().getByRole('textbox', { name: 'Words to keep' })
  await expect(words).toBeFocused()
  // In the field the letters are letters.
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Mad ale jokes: I sing in a choir on Thursdays.')
  await cards.first().getByRole('button', { name: 'Approve these words' }).click()
  await expect(cards).toHaveCount(1)

  await cards.first().focus()
  await page.keyboard.press('l')
  await expect(page.getByText('Nothing waits for you')).toBeVisible()
  await page.getByRole('radio', { name: 'Put off 1' }).click()
  await page.getByRole('button', { name: 'Show it now' }).click()
  await page.getByRole('radio', { name: 'Waiting' }).click()
  await cards.first().focus()
  await page.keyboard.press('d')
  await expect(cards).toHaveCount(0)

  // Every decision is listed, and can be taken back.
  await page.getByRole('radio', { name: 'Decided' }).click()
  await expect(cards).toHaveCount(3)
  await expect(cards.first()).toContainText('Declined')
  await expect(cards.nth(1)).toContainText('Thursdays')
  await expectAccessible(page, 'what was decided')
  await cards.first().getByRole('button', { name: 'Undo' }).click()
  await expect(cards).toHaveCount(2)
  await cards.last().getByRole('button', { name: 'Undo' }).click()
  await expect(cards).toHaveCount(1)
  await page.getByRole('radio', { name: 'Waiting' }).click()
  await expect(cards).toHaveCount(2)

  // What another window decides goes here too.
  const other = await page.context().newPage()
  await other.goto(page.url())
  const there = other.getByRole('list', { name: 'Suggestions' }).getByRole('article').filter({ hasText: 'cello' })
  await expect(there).toHaveCount(1)
  await there.getByRole('button', { name: 'Approve' }).click()
  await expect(cards).toHaveCount(1)
  await expect(door).toHaveText(/1$/)
  await other.close()

  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(2)
  await expect(window.memory.rows.filter({ hasText: 'Thursdays' })).toHaveCount(1)
  await window.newChat()
  const known = await window.chat.say('Which strings for the cello?')
  await expect(window.chat.used(known)).toContainText(/\d memor/)
})
