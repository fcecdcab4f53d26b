// The journey everything else widens, on the real starter model: tell it who you are, and in a new chat it knows; see
// what it remembered, from which of your words; correct it; forget it.
import { requireStarter } from '../../eval/starter.ts'
import { expect, test } from '../app.ts'
import { Window } from '../pages/window.ts'

const told = 'My name is Ines and I keep bees near Ljubljana.'

test('tell, new chat, it knows, see why, correct, forget', async ({ page }) => {
  const { path } = await requireStarter()
  const window = new Window(page)
  await window.useModelFile(path)

  await window.chat.say(told)
  const chips = window.chat.chips.first()
  await expect(chips).toContainText(/Remembered: .*(Ines|bees|Ljubljana)/)

  await window.newChat()
  const answer = await window.chat.say('Which animals do I keep, and where?')
  await expect(answer).toContainText(/bee/i)
  await expect(window.chat.used(answer)).toHaveText(/^used [1-9]\d* memor/)
  const panel = await window.chat.openUsed(answer)
  await expect(panel).toContainText(/bees|Ljubljana/)

  await window.openMemory()
  await window.memory.open(/bees/)
  await expect(window.memory.detail).toContainText(told)
  await window.memory.edit('The user keeps bees near Maribor.')
  await expect(window.memory.rows.filter({ hasText: 'Maribor' })).toHaveCount(1)

  await window.newChat()
  const corrected = await window.chat.say('Near which town do I keep my bees?')
  await expect(corrected).toContainText('Maribor')

  await window.openMemory()
  await window.memory.open(/bees/)
  await window.memory.button('Forget').click()
  await expect(window.memory.rows.filter({ hasText: /bees/ })).toHaveCount(0)
  await window.newChat()
  const after = await window.chat.say('Near which town do I keep my bees?')
  await expect(after).not.toContainText('Maribor')
})
