// Settings are found, apply at once and go back; the report holds nothing private; profiles are apart from each other.
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeLock } from '../src/main/database/lock.ts'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test('a setting is found, applies at once, says its default and goes back; the log says nothing private', async ({
  window,
  page,
  app,
}) => {
  await window.chat.say('My sister Ines keeps bees in Ljubljana.')
  await expect(window.chat.chips).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await expectAccessible(page, 'settings')

  const search = page.getByRole('searchbox', { name: 'Search settings' })
  await search.fill('newline')
  await expect(page.getByRole('radiogroup')).toHaveCount(1)
  await search.fill('blockchain')
  await expect(page.getByText('No setting is about “blockchain”.')).toBeVisible()
  await search.press('Escape')
  await expect(page.getByRole('radiogroup', { name: 'Theme' })).toBeVisible()

  // At once, for the whole window, and by itself back again.
  const rootSize = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize)
  await page.getByRole('radio', { name: '140' }).click()
  await expect.poll(rootSize).toBe('22.4px')
  await page.getByRole('radio', { name: 'Compact' }).click()
  await expect(page.getByText('Default: Comfortable')).toBeVisible()
  await page.setViewportSize({ width: 400, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
  await expectAccessible(page, 'settings, narrow, compact and large')
  await page.setViewportSize({ width: 1280, height: 820 })
  await page.getByRole('button', { name: 'Reset “Text size”' }).click()
  await expect.poll(rootSize).toBe('16px')
  // A whole section, which leaves data alone and can be taken back.
  await page.getByRole('radio', { name: 'Dark' }).click()
  await page.getByRole('button', { name: 'Reset this section' }).click()
  await expect(page.getByRole('radio', { name: 'System' })).toBeChecked()
  await window.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await page.reload()
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact')

  await page.getByRole('radio', { name: 'Ctrl+Enter' }).click()
  await page.getByRole('button', { name: 'Show the log' }).click()
  const report = page.getByRole('region', { name: 'The report' })
  await expect(report).toContainText('Understudy: ')
  await expect(report).not.toContainText(/Ines|bees|Ljubljana/i)
  expect(await app.log()).not.toMatch(/Ines|bees|Ljubljana/i)
  await expect(page.getByText(/Database: chats, memories/)).toBeVisible()
  await expect(page.getByText('Measured: a guard stands before the network.')).toBeVisible()

  await window.newChat()
  await window.chat.composer.fill('one')
  await window.chat.composer.press('Enter')
  await window.chat.composer.press('End')
  await page.keyboard.type('two')
  await window.chat.composer.press('Control+Enter')
  await expect(window.chat.questions).toHaveText('one\ntwo')
})

test('profiles: made, opened, apart from each other, refused when open elsewhere, and the last place comes back', async ({
  window,
  page,
  app,
}) => {
  // Three cores are started in it.
  test.slow()
  await window.chat.say('I repair a violin.')
  await expect(window.chat.chips).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Name of a new profile').fill('Work')
  await page.getByRole('button', { name: 'Create' }).click()
  const rows = page.getByRole('list', { name: 'Profiles' }).getByRole('listitem')
  const work = rows.filter({ hasText: 'Work' })
  await expect(work).toBeVisible()
  await expectAccessible(page, 'profiles')

  // Open in another process: the open one stays, in words.
  const folder = (await work.getByText(/profiles.work$/).textContent()) ?? ''
  await mkdir(join(folder, 'database'))
  const elsewhere = takeLock(join(folder, 'database', 'lock'), new Date())
  await work.getByRole('button', { name: 'Switch' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'already open' })).toBeVisible()
  elsewhere.release()

  await window.chats.first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('I repair a violin.')
  const switcher = (name: string) => page.getByRole('button', { name: `Profile: ${name}` })
  await switcher('profile').click()
  await page.getByRole('menuitem', { name: 'Switch to “Work”' }).click()
  await expect(switcher('Work')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome')
  await expect(window.chats).toHaveCount(0)
  expect(new URL(page.url()).origin).toBe(app.origin)

  await page.getByRole('button', { name: 'Skip the introduction' }).click()
  await window.openMemory()
  await expect(window.memory.rows).toHaveCount(0)
  await switcher('Work').click()
  await page.getByRole('menuitem', { name: 'Switch to “profile”' }).click()
  await expect(switcher('profile')).toBeVisible()
  // Back where one was, with the model that belongs to it.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('I repair a violin.')
  await expect(window.engine).toHaveText(/ready/)

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await work.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Remove from the list' }).click()
  await expect(work).toHaveCount(0)
  expect(await readFile(join(folder, 'database', 'data', 'PG_VERSION'), 'utf8')).toContain('18')
})
