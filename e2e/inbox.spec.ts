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

test('a window that was second says what was decided already, and changes nothing', async ({ window, page }) => {
  await window.setMode('Memories', 'Ask me in the inbox')
  await window.newChat()
  await window.chat.say('I play the cello.')
  await window.chat.say('I bake sourdough bread every Sunday.')
  // What the core says to this window can be held back, as by a slow line.
  let held: (() => void)[] | null = null
  await page.routeWebSocket(/./, (here) => {
    const there = here.connectToServer()
    here.onMessage((message) => there.send(message))
    there.onMessage((message) => {
      if (held) held.push(() => here.send(message))
      else here.send(message)
    })
  })
  const inbox = page.getByRole('list', { name: 'Suggestions' }).getByRole('article')
  await page.goto(`${new URL(page.url()).origin}/#/inbox`)
  await page.reload()
  await expect(inbox).toHaveCount(2)
  const other = await page.context().newPage()
  await other.goto(page.url())
  const there = other.getByRole('list', { name: 'Suggestions' }).getByRole('article')
  await expect(there).toHaveCount(2)

  // Words that are being typed are not lost when another window decides meanwhile.
  await inbox.filter({ hasText: 'sourdough' }).getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Words to keep' }).fill('I bake rye bread every Sunday.')
  await there.filter({ hasText: 'sourdough' }).getByRole('button', { name: 'Decline' }).click()
  await expect(inbox).toHaveCount(1)
  await expect(window.notices).toContainText('You wrote: “I bake rye bread every Sunday.”')

  held = []
  await there.filter({ hasText: 'cello' }).getByRole('button', { name: 'Approve' }).click()
  await expect(there).toHaveCount(0)
  await inbox.filter({ hasText: 'cello' }).getByRole('button', { name: 'Decline' }).click()
  await expect(inbox).toHaveCount(0)
  for (const deliver of held) deliver()
  held = null
  await expect(window.notices).toContainText('This was approved already, in another window or in the chat.')
  await expect(inbox).toHaveCount(0)
  await page.getByRole('radio', { name: 'Decided' }).click()
  await expect(inbox).toHaveCount(2)
  await expect(inbox.filter({ hasText: 'cello' })).toContainText('Approved')
  await window.openMemory()
  await expect(window.memory.rows).toHaveText([/cello/])
})

test('after many approvals it offers to learn by itself, after corrections to ask; a no is the last word', async ({
  window,
  page,
}) => {
  test.slow()
  await window.setMode('Memories', 'Ask me in the inbox')
  const things =
    'anvil barrel cart drum easel flute globe harp inkwell jug kettle lamp mirror needle oar piano quill rug'
      .concat(' saddle teapot urn vase wagon xylophone yacht')
      .split(' ')
  const tell = async (from: number, to: number) => {
    await window.newChat()
    await window.chat.say(
      things
        .slice(from, to)
        .map((thing) => `My ${thing} is green.`)
        .join(' '),
    )
  }
  for (let from = 0; from < 20; from += 4) await tell(from, from + 4)
  const door = page.getByRole('navigation').getByRole('link', { name: /^Inbox/ })
  await expect(door).toHaveText(/20$/)
  await door.click()
  const offer = page.getByRole('region', { name: 'A suggestion on how to learn' })
  for (let left = 16; left >= 0; left -= 4) {
    await expect(offer).toHaveCount(0)
    await page.getByRole('button', { name: 'Approve these 4' }).first().click()
    await expect(door).toHaveText(left > 0 ? new RegExp(`${left}$`) : 'Inbox')
  }
  await expect(offer).toContainText('You approved the last 20 suggestions for “Memories”')
  await expectAccessible(page, 'an offer to learn by itself')
  await offer.getByRole('button', { name: 'Learn it by itself' }).click()
  await expect(window.notices).toContainText('Set. You can change it in the settings at any time.')
  await expect(offer).toHaveCount(0)

  // Now it learns quietly; what it learns is taken back again and again.
  await tell(20, 25)
  await expect(window.chat.chips).toContainText('5')
  await window.openMemory()
  for (const thing of things.slice(20)) await window.memory.choose(new RegExp(`My ${thing}|user's ${thing}`)).check()
  await window.memory.bar.getByRole('button', { name: 'Forget', exact: true }).click()
  await window.memory.forgetDialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(window.notices).toContainText('Forgotten everywhere')
  await door.click()
  await expect(offer).toContainText('You took back or put right 5 of the latest things learned for “Memories”')
  await offer.getByRole('button', { name: 'Go on as it is' }).click()
  await expect(window.notices).toContainText('It stays as it is, and this is not offered again.')
  await page.reload()
  await expect(page.getByText('Nothing waits for you')).toBeVisible()
  await expect(offer).toHaveCount(0)
})
