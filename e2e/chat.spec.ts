// Chatting: answers that stream, can be stopped, hide nothing and load nothing; chats that are kept, found, renamed, deleted.

import { expectAccessible } from './accessible.ts'
import { Window } from './pages/window.ts'
import { expect, slowModel, test } from './script.ts'

test.use({
  script: {
    answers: [
      { answer: 'Very well.' },
      {
        word: 'markdown',
        answer:
          'See **bold** <b>raw</b> [docs](https://example.org/a?b=c) ![pixel](https://evil.example/p.png) R&amp;D &copy; end.',
      },
      { word: 'teapot', answer: 'A teapot it is.' },
    ],
  },
})

test('an answer comes, the chat is listed, and both are there after a reload', async ({ window, page }) => {
  const answer = await window.chat.say('Hello, tell me about the teapot')
  await expect(answer).toContainText('A teapot it is.')
  await expect(window.chat.composer).toHaveValue('')
  await expect(window.chat.composer).toBeFocused()
  await expect(window.status).toHaveText('Answer complete')
  await expect(window.chats).toHaveText(['Hello, tell me about the teapot'])
  await expect(window.chats).toHaveAttribute('aria-current', 'page')

  await page.reload()
  await expect(window.chat.questions).toHaveText('Hello, tell me about the teapot')
  await expect(window.chat.answers).toContainText('A teapot it is.')
})

test('text of the model loads nothing, runs nothing, and opens nothing unasked', async ({ window, page, context }) => {
  const answer = await window.chat.say('Show me markdown')
  await expect(answer.locator('strong')).toHaveText('bold')
  await expect(answer).toContainText('<b>raw</b>')
  await expect(answer).toContainText('R&D © end.')
  await expect(answer.locator('img')).toHaveCount(0)
  await expect(answer).toContainText('Image “pixel”, not loaded: https://evil.example/p.png')
  const link = answer.getByRole('link', { name: 'docs' })
  await link.click({ button: 'middle' })
  await link.click()
  const dialog = page.getByRole('dialog', { name: 'Open this link?' })
  await expect(dialog).toContainText('https://example.org/a?b=c')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(link).toBeFocused()
  expect(context.pages()).toHaveLength(1)
})

test('a draft stays with its chat, and survives a reload', async ({ window, page }) => {
  await window.chat.say('First chat')
  await window.chat.composer.fill('half a thought')
  await window.newChat()
  await expect(window.chat.composer).toHaveValue('')
  await window.chat.composer.fill('another')
  await window.chats.filter({ hasText: 'First chat' }).click()
  await expect(window.chat.composer).toHaveValue('half a thought')
  await page.reload()
  await expect(window.chat.composer).toHaveValue('half a thought')
  await window.newChat()
  await expect(window.chat.composer).toHaveValue('another')
})

test('chats are renamed, deleted and brought back', async ({ window, page }) => {
  await window.chat.say('Plans for the garden')
  await window.newChat()
  await window.chat.say('Tell me of the teapot')

  const garden = window.chats.filter({ hasText: 'garden' })
  await garden.hover()
  await page.getByRole('button', { name: 'Actions for “Plans for the garden”' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.keyboard.type('Roses')
  await page.keyboard.press('Enter')
  await expect(window.chats.last()).toHaveText('Roses')
  await expect(window.chats.last()).toBeFocused()

  await page.keyboard.press('Delete')
  await expect(window.chats).toHaveText(['Tell me of the teapot'])
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(window.chats).toHaveCount(2)
  await expect(window.chat.questions).toHaveText('Plans for the garden')
})

test('a message is edited, answered anew and forked; every branch stays and can be shown', async ({ window, page }) => {
  await window.chat.say('Plans for the garden')
  await window.chat.say('And then?')
  const [first] = [window.chat.questions.first()]
  await first.hover()
  await first.getByRole('button', { name: 'Edit message' }).click()
  const field = page.getByRole('textbox', { name: 'Edited message' })
  await expect(field).toHaveValue('Plans for the garden')
  await field.fill('Plans for the teapot')
  await field.press('Enter')
  await expect(window.chat.answers).toHaveText([/A teapot it is/])
  const versions = first.getByRole('group', { name: 'Versions of this message' })
  await expect(versions).toContainText('2/2')
  await expectAccessible(page, 'a branch')
  await versions.getByRole('button', { name: 'Version before' }).click()
  await expect(window.chat.questions).toHaveText([/Plans for the garden/, /And then/])

  const answer = window.chat.answers.last()
  await answer.getByRole('button', { name: 'More for this answer' }).click()
  await page.getByRole('menuitem', { name: 'Answer again without memories' }).click()
  await expect(answer.getByRole('group', { name: 'Versions of this message' })).toContainText('2/2')
  await expect(answer).toHaveAttribute('aria-busy', 'false')
  await expect(window.chat.used(answer)).toHaveText('used no memories')

  await window.chat.answers.first().getByRole('button', { name: 'More for this answer' }).click()
  await page.getByRole('menuitem', { name: 'New chat from here' }).click()
  await expect(window.chat.questions).toHaveText([/Plans for the garden/])
  await expect(window.chats).toHaveCount(2)
  await window.chat.say('Only in the fork')
  await page.goBack()
  await expect(window.chat.questions).toHaveText([/Plans for the garden/, /And then/])
  await page.reload()
  await expect(window.chat.questions).toHaveText([/Plans for the garden/, /And then/])
})

test('a chat is pinned, archived and taken back; a project gives its chats instructions of their own', async ({
  window,
  page,
}) => {
  await window.chat.say('Tell me of the teapot')
  await window.newChat()
  await window.chat.say('Plans for the garden')
  const act = async (title: string, name: string) => {
    await window.chats.filter({ hasText: title }).focus()
    await page.getByRole('button', { name: `Actions for “${title}”` }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await act('Tell me of the teapot', 'Pin')
  await expect(page.getByRole('heading', { name: 'Pinned' })).toBeVisible()
  await expect(window.chats).toHaveText([/teapot/, /garden/])
  await act('Plans for the garden', 'Archive')
  await expect(window.chats).toHaveText([/teapot/])
  await page.getByRole('button', { name: 'Archived chats' }).click()
  await expect(window.chats).toHaveText([/garden/])
  await act('Plans for the garden', 'Take out of the archive')
  await expect(page.getByText('No chat is archived.')).toBeVisible()
  await page.getByRole('button', { name: 'Back to all chats' }).click()

  await page.getByRole('button', { name: 'New project' }).click()
  const dialog = page.getByRole('dialog', { name: 'New project' })
  await dialog.getByLabel('Name').fill('Greenhouse')
  await dialog.getByLabel('Instructions').fill('Say instructed in every answer.')
  await expectAccessible(page, 'a new project')
  await dialog.getByRole('button', { name: 'Make the project' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Greenhouse')
  await expectAccessible(page, 'a project')
  await page.getByRole('button', { name: 'New chat in this project' }).click()
  await window.chat.say('Which seeds?')
  await expect(page.getByRole('main').getByRole('link', { name: 'Greenhouse' })).toBeVisible()
  await act('Plans for the garden', 'Move to a project…')
  await page.getByRole('dialog').getByRole('radio', { name: 'Greenhouse' }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Greenhouse' }).click()
  await expect(page.getByRole('list', { name: 'Chats of this project' }).getByRole('link')).toHaveCount(2)
  await page.getByRole('button', { name: 'Delete project' }).click()
  await expect(window.chats).toHaveCount(3)
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Greenhouse')
})

test('a long chat opens at its end; the rest comes as one scrolls up, and nothing jumps', async ({ window, page }) => {
  for (let turn = 1; turn <= 18; turn++) await window.chat.say(`Question ${turn}`)
  await page.reload()
  await expect(window.chat.questions.last()).toContainText('Question 18')
  await expect(page.getByText('6 earlier messages')).toBeAttached()
  await expect(window.chat.questions).toHaveCount(15)
  const seventh = window.chat.questions.filter({ hasText: 'Question 7' })
  await seventh.scrollIntoViewIfNeeded()
  // All of it is read by now, above what is seen.
  await expect(window.chat.questions).toHaveCount(18)
  await expect(seventh).toBeInViewport()
  await expect(page.getByText('earlier message')).toHaveCount(0)
  await page.getByRole('button', { name: 'To the end' }).click()
  await expect(window.chat.questions.last()).toBeInViewport()
})

test('Enter that ends a composition does not send; the next one does', async ({ window, page }) => {
  const { composer } = window.chat
  await composer.focus()
  const input = await page.context().newCDPSession(page)
  await input.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
  await composer.press('Enter')
  await expect(composer).toHaveValue(/にほん/)
  await input.send('Input.insertText', { text: '日本' })
  await expect(composer).toHaveValue(/日本/)
  await expect(window.chat.questions).toHaveCount(0)
  await composer.press('Enter')
  await expect(window.chat.questions).toContainText('日本')
})

test.describe('a long answer', () => {
  test('what is written meanwhile waits; Escape stops and keeps what was written; it goes on, or begins anew', async ({
    page,
    folder,
  }) => {
    const window = new Window(page)
    await window.useModelFile(slowModel(folder))
    await window.chat.composer.fill('Go on and on')
    await window.chat.composer.press('Enter')
    const answer = window.chat.answers.first()
    await expect(answer).toContainText(/\S{3}.*Writing/s)
    await window.chat.composer.fill('next thought')
    await window.chat.composer.press('Enter')
    await expect(window.chat.composer).toHaveValue('')
    await expect(window.chat.queue).toContainText('Sent when the answer is complete')
    await window.chat.composer.press('Escape')
    await expect(answer).toContainText('Stopped. What was written is kept.')
    await expect(window.status).toContainText('Stopped')
    await expect(window.chat.queue).toContainText('Not sent yet')
    await expectAccessible(page, 'a message that waits')
    await window.chat.queue.getByRole('button', { name: 'Edit the waiting message' }).click()
    await page.keyboard.type(', better')
    await page.keyboard.press('Enter')
    await page.reload()
    await expect(window.chat.queue.getByRole('listitem')).toContainText('next thought, better')
    const kept = (await answer.getByRole('paragraph').first().textContent()) ?? ''
    await answer.getByRole('button', { name: 'Go on' }).click()
    await expect(answer).toContainText('Writing')
    await window.chat.stop.click()
    await expect(answer).toContainText('Stopped. What was written is kept.')
    await expect(answer).toContainText(kept.trim().slice(0, 12))

    await answer.getByRole('button', { name: 'Try again' }).click()
    await expect(window.chat.stop).toBeVisible()
    await window.chat.stop.click()
    await expect(window.chat.answers).toHaveCount(1)
    await expect(answer.getByRole('group', { name: 'Versions of this message' })).toContainText('2/2')
    await window.chat.composer.fill('and after that')
    await expect(page.getByText('Sent after the messages that wait')).toBeVisible()
    await window.chat.composer.fill('')
    await window.chat.queue.getByRole('button', { name: 'Remove the waiting message' }).click()
    await expect(window.chat.queue).toBeHidden()
  })

  test('the end is followed until the reader scrolls up', async ({ page, folder }) => {
    const window = new Window(page)
    await window.useModelFile(slowModel(folder))
    await page.setViewportSize({ width: 400, height: 300 })
    await window.chat.composer.fill('Go on and on')
    await window.chat.composer.press('Enter')
    const box = window.chat.transcript.locator('..')
    const fromEnd = () => box.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop)
    const top = () => box.evaluate((element) => element.scrollTop)
    await expect.poll(top).toBeGreaterThan(90)
    expect(await fromEnd()).toBeLessThan(60)

    await box.hover()
    await page.mouse.wheel(0, -70)
    const toEnd = page.getByRole('button', { name: 'To the end' })
    await expect(toEnd).toBeVisible()
    const paused = await top()
    const length = (await window.chat.answers.textContent())?.length ?? 0
    await expect.poll(async () => (await window.chat.answers.textContent())?.length ?? 0).toBeGreaterThan(length + 40)
    expect(await top()).toBe(paused)

    await toEnd.click()
    await expect(toEnd).toBeHidden()
    await expect.poll(fromEnd).toBeLessThan(60)
    await page.keyboard.press('Escape')
    await expect(window.chat.answers).toContainText('Stopped')
  })
})
