// Everything without a mouse.
import { expect, test } from './script.ts'

test('a new chat, the sidebar, the search and the lists by keys alone', async ({ window, page }) => {
  await expect(window.chat.composer).toBeFocused()
  await page.keyboard.type('Good morning')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('to you')
  await page.keyboard.press('Enter')
  await expect(window.chat.answers).toHaveAttribute('aria-busy', 'false')
  await expect(window.chat.questions).toHaveText('Good morning\nto you')

  for (const keys of ['Alt+n', 'Control+Shift+O']) {
    await window.chats.first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Good morning')
    await page.keyboard.press(keys)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('New chat')
    await expect(window.chat.composer).toBeFocused()
  }

  await page.keyboard.press('Control+b')
  await expect(page.getByRole('navigation')).toBeHidden()
  await page.keyboard.press('Control+b')
  await expect(page.getByRole('navigation')).toBeVisible()

  await window.openMemory()
  await window.memory.add('Tea at four')
  await window.memory.add('Cake at five')
  await expect(window.memory.rows).toHaveCount(2)
  await page.locator('main').focus()
  await page.keyboard.press('/')
  await expect(window.memory.search).toBeFocused()
  await window.memory.rows.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(window.memory.rows.nth(1)).toBeFocused()
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toHaveText('Tea at four')
  await page.keyboard.press('ArrowUp')
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toHaveText('Cake at five')
})

test('a whole journey without a mouse: ask, stop, find, open a memory, correct it, set, and back', async ({
  window,
  page,
}) => {
  await page.keyboard.type('I repair a violin.')
  await page.keyboard.press('Enter')
  await expect(window.chat.chips).toBeVisible()

  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search and commands' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('violin')
  const memory = palette.getByRole('option', { name: /violin.*memory/ })
  await expect(memory).toBeVisible()
  for (let step = 0; step < 8 && (await memory.getAttribute('aria-selected')) !== 'true'; step++) {
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toContainText('violin')
  await window.memory.button('Edit').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Text of the memory' })).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Repairs a cello')
  await page.keyboard.press('Enter')
  await expect(window.memory.detail.getByRole('heading', { level: 2 })).toHaveText('Repairs a cello')

  await page.keyboard.press('Control+,')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(window.chat.questions).toHaveText('I repair a violin.')
  await page.keyboard.press('Shift+Escape')
  await expect(window.chat.composer).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('textbox', { name: 'Edited message' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('article', { name: 'You' })).toBeFocused()
})

test('the first stop skips the sidebar, and every stop can be seen', async ({ window: _, page }) => {
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
  // A fresh page, so that the first stop is the first.
  await page.reload()
  await expect(page.getByRole('radiogroup', { name: 'Theme' })).toBeVisible()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('button', { name: 'Skip to content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()

  for (let stop = 0; stop < 12; stop++) {
    await page.keyboard.press('Tab')
    const visible = await page.evaluate(() => {
      const focused = document.activeElement
      if (!focused || focused === document.body) return 'body'
      const { outlineStyle, outlineWidth } = getComputedStyle(focused)
      const own = outlineStyle !== 'none' && outlineWidth !== '0px'
      // The composer shows its focus on the frame around it.
      return own || focused.id === 'composer' ? 'yes' : focused.outerHTML.slice(0, 120)
    })
    expect(['yes', 'body']).toContain(visible)
  }
})

test('a dialog keeps the focus inside and gives it back', async ({ window, page }) => {
  await window.openMemory()
  const add = page.getByRole('button', { name: 'Add', exact: true })
  await add.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add a memory' })
  await expect(dialog.getByLabel('What should be remembered?')).toBeFocused()
  for (let stop = 0; stop < 6; stop++) {
    await page.keyboard.press('Tab')
    expect(
      await dialog.evaluate(
        (element) => element.contains(document.activeElement) || document.activeElement === document.body,
      ),
    ).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(add).toBeFocused()
})

test('on a narrow window the sidebar is a drawer that opens and closes by keys', async ({ window, page }) => {
  await window.chat.say('Hello')
  await page.setViewportSize({ width: 400, height: 800 })
  await expect(page.getByRole('navigation')).toBeHidden()
  const menu = page.getByRole('button', { name: 'Open menu' })
  await menu.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Menu' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(menu).toBeFocused()
  await page.keyboard.press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /^Memory/ })
    .click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Memory')
})
