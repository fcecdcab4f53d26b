// The journey everything else widens, on the real starter model: tell it who you are, and in a new chat it knows; see
// what it remembered, from which of your words; correct it; forget it.
import { requireStarter } from '../../eval/starter.ts'
import { expect, test } from '../app.ts'
import { Window } from '../pages/window.ts'

const told = 'My name is Ines and I work as a nurse in Ljubljana.'

test('tell, new chat, it knows, see why, correct, forget', async ({ page }) => {
  const { path } = await requireStarter()
  const window = new Window(page)
  await window.useModelFile(path)
  // The likeliest words each time: what is asked for below is not left to chance.
  await window.openModels()
  const inUse = page.getByRole('article').filter({ hasText: 'in use' }).first()
  await inUse.getByRole('button', { name: 'Settings' }).click()
  await inUse.getByLabel('Temperature').fill('0')
  await inUse.getByRole('button', { name: 'Save' }).click()
  await expect(inUse).toContainText('own settings')
  await window.newChat()

  await window.chat.say(told)
  const chips = window.chat.chips.first()
  await expect(chips).toContainText(/Remembered: .*(Ines|nurse)/)

  await window.newChat()
  const answer = await window.chat.say('What is my job?')
  await expect(answer).toContainText(/nurse/i)
  await expect(window.chat.used(answer)).toHaveText(/^used [1-9]\d* memor/)
  const panel = await window.chat.openUsed(answer)
  await expect(panel).toContainText(/nurse/)

  // One sentence may give several memories; every row shows the words it came from. One is corrected, the others go,
  // and with a sentence all that rests on nothing else.
  await window.openMemory()
  const fromThatSentence = window.memory.rows.filter({ hasText: told }).filter({ hasNotText: 'teacher' })
  await fromThatSentence.first().click()
  await expect(window.memory.detail).toContainText(told)
  await window.memory.edit('The user works as a teacher in Ljubljana.')
  await expect(window.memory.rows.filter({ hasText: 'teacher' })).toHaveCount(1)
  for (let left = await fromThatSentence.count(); left > 0; left = await fromThatSentence.count()) {
    await fromThatSentence.first().click()
    await window.memory.forget()
    await expect.poll(() => fromThatSentence.count()).toBeLessThan(left)
  }
  await expect(window.memory.rows.filter({ hasText: 'teacher' })).toHaveCount(1)

  await window.newChat()
  const corrected = await window.chat.say('What do I work as?')
  await expect(corrected).toContainText(/teacher/i)

  await window.openMemory()
  await window.memory.open(/teacher/)
  await window.memory.forget()
  await expect(window.memory.rows.filter({ hasText: /teacher/ })).toHaveCount(0)
  await window.newChat()
  const after = await window.chat.say('What do I work as?')
  await expect(after).not.toContainText(/teacher/i)
})
