// One field for everything: what is found leads to its very place and back, filters and quotes narrow down, keys can be changed.
import { expect, test } from './script.ts'

test.use({
  script: {
    answers: [
      { answer: 'Very well.' },
      { word: 'orchard', answer: 'Prune the apple trees in March.' },
      { word: 'garden', answer: 'Water the garden first. A *gardener* may help, and the garden will thank you.' },
    ],
  },
})

test('finds words while they are typed, leads to the message, and back to the results', async ({ window, page }) => {
  await window.chat.say('Tell me of my garden')
  await window.newChat()
  await window.chat.say('I repair a violin.')
  await window.newChat()

  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search and commands' })
  const field = palette.getByRole('combobox')
  const found = palette.getByRole('option')
  await expect(field).toBeFocused()
  await page.keyboard.type('gard')
  const answer = found.filter({ hasText: 'Water the garden first.' })
  await expect(answer).toContainText('Answer')
  await expect(answer.locator('mark').first()).toHaveText('gard')
  await expect(palette.getByRole('status')).toHaveText(/^\d+ results?$/)
  await page.keyboard.type(' from:me')
  await expect(answer).toHaveCount(0)
  await expect(found.filter({ hasText: 'Tell me of my garden' }).first()).toBeVisible()
  await field.fill('"violin garden" from:me')
  await expect(palette.getByText('No good match for')).toBeVisible()
  await field.fill('gardener')
  await expect(answer).toBeVisible()

  await answer.click()
  await expect(palette).toBeHidden()
  await expect(window.chat.answers.first()).toBeFocused()
  await expect(window.chat.questions).toHaveText('Tell me of my garden')
  await page.goBack()
  await expect(field).toHaveValue('gardener')
  await expect(answer).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()

  // A message that stands on a branch that is not shown: its branch is shown.
  await window.chats.filter({ hasText: 'violin' }).click()
  await window.chat.questions.getByRole('button', { name: 'Edit message' }).click()
  await page.getByRole('textbox', { name: 'Edited message' }).fill('Tell me of the orchard')
  await page.keyboard.press('Enter')
  await expect(window.chat.answers).toHaveText(/Prune the apple trees/)
  await window.newChat()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('repair violin from:me')
  // The chat of that name is listed too, until the filter is typed.
  await found.filter({ hasText: 'I repair a violin.' }).filter({ hasText: 'You' }).first().click()
  await expect(window.chat.questions).toHaveText(/I repair a violin\./)
  await expect(window.chat.questions.first()).toBeFocused()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('apple trees')
  await expect(found.filter({ hasText: 'Prune the apple trees' }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(window.chat.answers).toHaveText(/Prune the apple trees/)
  await expect(window.chat.answers.first()).toBeFocused()

  // A project, by keys alone.
  await page.getByRole('button', { name: 'New project' }).click()
  const project = page.getByRole('dialog', { name: 'New project' })
  await project.getByLabel('Name').fill('Boathouse repairs')
  await project.getByRole('button', { name: 'Make the project' }).click()
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Boathouse repairs' })).toBeVisible()
  await window.newChat()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('boat')
  await expect(found.first()).toContainText('Boathouse repairs')
  await expect(found.first()).toContainText('Project')
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Boathouse repairs')

  // What it knows by itself: memories, settings, commands.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('theme')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings')

  // In the open chat, all of it.
  await window.chats.filter({ hasText: 'garden' }).click()
  await expect(window.chat.answers).toHaveCount(1)
  await page.keyboard.press('Control+f')
  const search = page.getByRole('searchbox', { name: 'Find in this chat' })
  await expect(search).toBeFocused()
  await page.keyboard.type('GARDEN')
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 4')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('search').getByRole('status')).toHaveText('3 of 4')
  await expect(search).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(search).toBeHidden()

  // Keys can be changed; keys of another command only when one says so.
  await page.keyboard.press('Control+/')
  await page.getByRole('button', { name: 'Change the keys of “Memory”' }).click()
  await page.keyboard.press('Control+b')
  await expect(page.getByRole('alert')).toContainText('Show or hide the sidebar')
  await page.getByRole('button', { name: 'Use it here' }).click()
  await expect(page.getByRole('button', { name: 'Reset the keys of “Memory”' })).toBeVisible()
  await page.keyboard.press('Control+b')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory')
  await expect(page.getByRole('navigation')).toBeVisible()
})
