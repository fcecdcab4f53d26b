// A copy of everything is made, looked at and put back, here or in a new profile; a damaged profile opens on its repair.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { Window } from './pages/window.ts'
import { expect, test } from './script.ts'

const main = (page: Page) => page.getByRole('navigation', { name: 'Main' })
const openData = async (page: Page) => {
  await main(page).getByRole('link', { name: 'Your data' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your data')
}
const backups = (page: Page) => page.getByRole('list', { name: 'Backups', exact: true }).getByRole('listitem')
async function backUp(page: Page): Promise<void> {
  const before = await backups(page).count()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(backups(page)).toHaveCount(before + 1)
  // Off the button, so that its look under the pointer is not what is judged.
  await page.mouse.move(0, 0)
  // Out of use meanwhile, it would have lost the keyboard.
  await expect(page.getByRole('button', { name: 'Back up now' })).toBeFocused()
}

test('a backup is made, looked at, and put in the place of the data, which is kept; or it becomes a new profile', async ({
  window,
  page,
  app,
}) => {
  // Cores are closed and started in it.
  test.slow()
  await window.chat.say('I keep bees in the garden.')
  await expect(window.chat.chips).toBeVisible()
  await openData(page)
  await expect(page.getByText('There is no backup yet.')).toBeVisible()
  await backUp(page)
  await expect(backups(page)).toContainText('read back as a whole')
  await expect(backups(page)).toContainText('By hand')
  await expectAccessible(page, 'backups')

  await window.newChat()
  await window.chat.say('I row on Sundays.')
  await expect(window.chat.chips.last()).toBeVisible()
  await openData(page)
  await page.getByRole('button', { name: /^Restore the backup of/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('row', { name: /^Chats 1 2/ })).toBeVisible()
  await expect(dialog.getByText(/Newer than the backup.*2 messages/)).toBeVisible()
  await expectAccessible(page, 'the preview of a restore')

  // Into a new profile: this one stays.
  await dialog.getByRole('radio', { name: 'A new profile' }).click()
  await dialog.getByLabel('Name of a new profile').fill('As it was')
  await dialog.getByRole('button', { name: 'Make the profile' }).click()
  await expect(window.notices).toContainText('As it was')
  await expect(window.chats).toHaveCount(2)

  // Into this one: the profile is closed and opened again.
  await page.getByRole('button', { name: /^Restore the backup of/ }).click()
  await dialog.getByRole('button', { name: 'Restore here' }).click()
  await expect(page.getByText(/This profile is as it was in the backup/)).toBeVisible({ timeout: 60_000 })
  await expect(window.chats).toHaveText(['I keep bees in the garden.'])
  await page.getByRole('button', { name: 'What was done' }).click()
  const aside = join(app.profile, 'database', 'aside')
  await expect(page.getByRole('heading', { level: 2, name: 'Backups' })).toBeFocused()
  await expect(page.getByText('The data before was set aside.')).toBeVisible()
  await expect(page.getByText(/^Data before the restore of/)).toBeVisible()
  await expect(page.getByText(aside)).toBeVisible()
  expect(existsSync(join(aside, readdirSync(aside)[0] ?? '', 'data', 'PG_VERSION'))).toBe(true)
  await window.openMemory()
  await expect(window.memory.rows).toHaveText(/bees/)

  await page.getByRole('button', { name: 'Profile: profile' }).click()
  await page.getByRole('menuitem', { name: 'Switch to “As it was”' }).click()
  await expect(page.getByRole('button', { name: 'Profile: As it was' })).toBeVisible({ timeout: 60_000 })
  await expect(window.chats).toHaveText(['I keep bees in the garden.'])
})

test('a damaged profile opens on its repair: from the backup, with what is newer and can be read', async ({
  window,
  page,
  app,
  startApp,
  problems,
}) => {
  test.slow()
  await window.chat.say('I keep bees in the garden.')
  await expect(window.chat.chips).toBeVisible()
  await openData(page)
  await backUp(page)
  await window.newChat()
  await window.chat.say('I row on Sundays.')
  await expect(window.chat.chips.last()).toBeVisible()
  problems.expectLostApp()
  problems.expect(/^request:/)
  await app.stop()
  // Tables are cut short: the biggest files of the database, but not those that tell how it is built.
  const base = join(app.profile, 'database', 'data', 'base')
  const [folder = ''] = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  const tables = readdirSync(join(base, folder)).filter((name) => /^\d{5,}$/.test(name) && Number(name) >= 16384)
  const [cut = ''] = tables.filter((name) => statSync(join(base, folder, name)).size >= 8192).slice(-1)
  truncateSync(join(base, folder, cut), 0)

  const again = await startApp({ profile: app.profile })
  await page.goto(again.address)
  await expect(page.getByRole('heading', { level: 1, name: 'Your data needs a repair' })).toBeVisible()
  await page.getByText('1 file is missing or changed').click()
  await expect(page.getByText(new RegExp(`base/${folder}/${cut} has`))).toBeVisible()
  await expect(page.getByRole('radiogroup', { name: 'The backup it starts from' }).getByRole('radio')).toHaveCount(1)
  await expectAccessible(page, 'the repair page')
  // Looking again changes nothing.
  await page.getByRole('button', { name: 'Look again' }).click()
  await expect(page.getByRole('button', { name: 'Look again' })).toBeEnabled({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Repair', exact: true }).click()
  await expect(page.getByText(/This profile was repaired from the backup/)).toBeVisible({ timeout: 60_000 })
  await expect(window.chats).toHaveText(['I row on Sundays.', 'I keep bees in the garden.'])
  await page.getByRole('button', { name: 'What was done' }).click()
  await expect(page.getByText(/^Repaired on/)).toBeVisible()
  await expect(page.getByText(/^Damaged data before the repair of/)).toBeVisible()
  await expectAccessible(page, 'the report of a repair')
  const memories = new Window(page)
  await memories.openMemory()
  await expect(memories.memory.rows).toHaveCount(2)

  // A profile that lost its database altogether is not taken for a new one.
  await again.stop()
  rmSync(join(app.profile, 'database', 'data'), { recursive: true })
  const third = await startApp({ profile: app.profile })
  await page.goto(third.address)
  await expect(page.getByText('The database of this profile is gone, although there was one.')).toBeVisible()
  await page.getByRole('button', { name: 'Restore' }).click()
  await expect(window.chats).toHaveText(['I keep bees in the garden.'], { timeout: 60_000 })
})

test('damage that is met while it runs is said, and leads to the repair', async ({
  window,
  page,
  app,
  startApp,
  problems,
}) => {
  // Cores are closed and started in it.
  test.slow()
  await window.chat.say('I keep bees in the garden.')
  await expect(window.chat.chips).toBeVisible()
  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByRole('dialog', { name: 'New project' }).getByLabel('Name').fill('Winter garden')
  await page.keyboard.press('Enter')
  const project = page.getByRole('navigation').getByRole('link', { name: 'Winter garden' })
  await expect(project).toBeVisible()
  await openData(page)
  await backUp(page)
  problems.expectLostApp()
  problems.expect(/^request:/)
  await app.stop()
  // A bit of the project changes on the disk. Opening the database reads nothing of it, the window does.
  const base = join(app.profile, 'database', 'data', 'base')
  const [folder = ''] = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  for (const name of readdirSync(join(base, folder))) {
    const file = join(base, folder, name)
    const bytes = readFileSync(file)
    if (!bytes.includes('Winter garden')) continue
    bytes[8000] = (bytes[8000] ?? 0) ^ 1
    writeFileSync(file, bytes)
  }

  const again = await startApp({ profile: app.profile })
  await page.goto(again.address)
  const banner = page.getByRole('alert').filter({ hasText: 'A part of your data cannot be read any more' })
  await expect(banner).toBeVisible()
  await expectAccessible(page, 'damage while it runs')
  await banner.getByRole('button', { name: 'Repair' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your data needs a repair' })).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByText('A part of the database cannot be read any more.', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Repair', exact: true }).click()
  await expect(page.getByText(/This profile was repaired from the backup/)).toBeVisible({ timeout: 60_000 })
  await expect(project).toBeVisible()
  await window.chats.first().click()
  await expect(window.chat.questions).toHaveText('I keep bees in the garden.')
})
