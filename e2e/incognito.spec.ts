// An incognito chat leaves no byte: not while it is open, not after an error, not when it ended, not after a power cut.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Window } from './pages/window.ts'
import { expect, test } from './script.ts'

/** Words nobody else says, one for each place they could be left behind. */
const words = {
  normal: 'quixotryme',
  said: 'zanzibarrel',
  failed: 'wobblethorn',
  draft: 'murklespan',
  killed: 'grumbasket',
  answered: 'Velvetine',
}

test.use({
  script: {
    answers: [
      { answer: 'Very well.' },
      { word: words.said, answer: `${words.answered} it is.` },
      { word: words.killed, answer: `${words.answered} it is.` },
    ],
  },
})

/** Which of the words stand in a file of the folder, in either of the encodings programs write. */
async function foundIn(folder: string, except: string): Promise<string[]> {
  const found = new Set<string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || join(entry.parentPath, entry.name) === except) continue
    // The app may be removing one of its own meanwhile.
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0))
    for (const [name, word] of Object.entries(words)) {
      if (bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'))) found.add(name)
    }
  }
  return [...found].sort()
}

function stored(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.title]),
  )
}

test('nothing of it is on disk, in the list, in a search or in the browser', async ({
  window,
  page,
  app,
  folder,
  modelFile,
  problems,
  startApp,
}) => {
  await window.chat.say(`My normal word is ${words.normal}.`)
  await page.getByRole('navigation').getByRole('link', { name: 'Incognito chat' }).click()
  await expect(page.getByRole('note')).toContainText('no memory is read or written')
  const answer = await window.chat.say(`My word is ${words.said}.`)
  await expect(answer).toContainText(words.answered)
  await expect(answer).toContainText('used no memories')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Incognito chat')

  // An answer that cannot be: more than the model reads at once.
  const failed = await window.chat.say(`${words.failed} ${'word '.repeat(9_000)}`)
  await expect(failed.getByRole('button', { name: 'Try again' })).toBeVisible()
  await window.chat.composer.fill(`and ${words.draft}`)
  await expect(window.chats).toHaveCount(1)
  expect(await stored(page)).not.toMatch(new RegExp(Object.values(words).join('|')))
  await expect.poll(() => foundIn(folder, modelFile)).toEqual(['normal'])

  // Other pages leave it open; ending it takes everything.
  await window.newChat()
  await page.getByRole('navigation').getByRole('link', { name: 'Incognito chat open' }).click()
  await expect(window.chat.answers.first()).toContainText(words.answered)
  await expect(window.chat.composer).toHaveValue(`and ${words.draft}`)
  await page.getByRole('button', { name: 'End chat' }).click()
  await expect(window.notices).toContainText('Nothing of it was kept')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  await expect(window.chat.composer).toHaveValue('')

  // By its key, and with the power cut while it is open.
  await page.keyboard.press('Alt+i')
  await expect(page.getByRole('note')).toBeVisible()
  await window.chat.say(`My word is ${words.killed}.`)
  problems.expect(/WebSocket|ERR_CONNECTION/)
  await app.killAll()
  expect(await foundIn(folder, modelFile)).toEqual(['normal'])

  const again = await startApp()
  await page.goto(again.address)
  await expect(new Window(page).chats).toHaveCount(1)
  expect(await stored(page)).not.toMatch(new RegExp(Object.values(words).join('|')))
  expect(await foundIn(folder, modelFile)).toEqual(['normal'])
})
