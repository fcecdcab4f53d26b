// The models page and what the engine is doing: a file is looked at, measured, set, taken off the list; the model that
// searches is changed in the background.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bagOfWordsModel, scriptedModel } from '../src/main/engine/testing/models.ts'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test('another model is looked at, used, measured, set and taken off the list', async ({ window, page, folder }) => {
  await window.chat.say('I repair a violin.')
  await expect(window.chat.chips).toBeVisible()
  await window.engine.click()
  const panel = page.getByRole('dialog', { name: 'What the model is doing' })
  await expect(panel).toContainText('Nothing. It starts when you write.')
  await expect(panel).toContainText(/Remembers of a chat[\d,]+ tokens/)
  await expect(panel).toContainText(/Memory in use\d+/)
  await expectAccessible(page, 'what the model is doing')
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(window.engine).toBeFocused()

  const other = join(folder, 'other.gguf')
  scriptedModel(other, 'I am the other one.', { name: 'Other One' })
  await window.openModels()
  await page.getByLabel('Use a file I already have').fill(other)
  await page.getByRole('button', { name: 'Look at it' }).click()
  const card = page.getByRole('article', { name: 'Other One' })
  await expect(card).toContainText('answers')
  await expect(card).toContainText('llama')
  await expect(card).toContainText(/Expected here: writes about/)
  await expectAccessible(page, 'a file that is looked at')
  await card.getByRole('button', { name: 'Use this model' }).click()
  await expect(window.engine).toHaveText(/Other One · ready/)
  await expect(card).toContainText('in use')

  await card.getByRole('button', { name: 'Measure speed' }).click()
  await expect(card).toContainText(/Measured here: writes/)
  await card.getByRole('button', { name: 'Settings' }).click()
  const form = page.getByRole('form', { name: 'Settings of Other One' })
  await form.getByLabel('Context').fill('200')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByLabel('Context')).toBeFocused()
  await expect(form).toContainText('From 1,024 to 262,144 tokens')
  await expectAccessible(page, 'settings of a model')
  await form.getByLabel('Context').fill('1024')
  await form.getByLabel('Temperature').fill('0,2')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toBeHidden()
  await expect(card).toContainText('own settings')
  await expect(window.engine).toHaveText(/Other One · ready/)

  // A file dropped on a page that cannot know its place: a clear way instead.
  const drop = await page.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['GGUF'], 'dropped.gguf'))
    return data
  })
  await page.getByLabel('Use a file I already have').dispatchEvent('drop', { dataTransfer: drop })
  await expect(page.getByRole('alert')).toContainText('A browser does not say where “dropped.gguf” lies')

  // Back to the first one: the other one stays on the list until it is taken off, and its file stays.
  await page.getByRole('article', { name: 'scripted' }).getByRole('button', { name: 'Use this model' }).click()
  await expect(window.engine).toHaveText(/scripted · ready/)
  await card.getByRole('button', { name: 'Take off the list' }).click()
  const question = page.getByRole('dialog', { name: 'Take Other One off the list?' })
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await expectAccessible(page, 'before a model is taken off the list')
  await question.getByRole('button', { name: 'Take off the list' }).click()
  await expect(card).toBeHidden()
  expect(existsSync(other)).toBe(true)
})

test('the model that searches is changed in the background, and what is known is found before and after', async ({
  window,
  page,
  folder,
}) => {
  await window.chat.say('I repair a violin.')
  await expect(window.chat.chips).toBeVisible()
  const file = join(folder, 'words.gguf')
  bagOfWordsModel(file, ['violin', 'repair', 'repairs'])
  await window.openModels()
  await page.getByLabel('Use a file I already have').fill(file)
  await page.getByRole('button', { name: 'Look at it' }).click()
  const card = page.getByRole('article', { name: 'bag of words' })
  await expect(card).toContainText('searches')
  await card.getByRole('button', { name: 'Add to the list' }).click()
  await card.getByRole('button', { name: 'Search with this model' }).click()
  await expect(card).toContainText('in use')
  await expect(card.getByRole('button', { name: 'Take off the list' })).toBeVisible()
  await window.newChat()
  const answer = await window.chat.say('What about the violin?')
  await window.chat.openUsed(answer)
  await expect(answer).toContainText('violin')
  // Going back costs nothing: its vectors are still there.
  await window.openModels()
  await page
    .getByRole('article', { name: 'all-MiniLM-L6-v2' })
    .getByRole('button', { name: 'Search with this model' })
    .click()
  await expect(page.getByRole('article', { name: 'all-MiniLM-L6-v2' })).toContainText('in use')
})
