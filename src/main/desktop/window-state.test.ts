import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { menuTemplate } from './menu.ts'
import { placeWindow, readWindowState, writeWindowState } from './window-state.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const saved = { x: 100, y: 50, width: 1000, height: 700, maximized: false }

test('the window comes back where it was, on a screen that is there', () => {
  expect(placeWindow(saved, [screen])).toEqual({ x: 100, y: 50, width: 1000, height: 700 })
  expect(placeWindow({ ...saved, x: 1500 }, [screen])).toEqual({ x: 920, y: 50, width: 1000, height: 700 })
  expect(placeWindow({ ...saved, x: 2500 }, [screen])).toEqual({ width: 1180, height: 820 })
  expect(placeWindow({ ...saved, width: 5000, x: 0 }, [screen])).toEqual({ x: 0, y: 50, width: 1920, height: 700 })
  expect(placeWindow({ ...saved, x: -1800 }, [screen, { ...screen, x: -1920 }])).toMatchObject({ x: -1800 })
  expect(placeWindow(null, [screen])).toEqual({ width: 1180, height: 820 })
})

test('its place is kept in a file, and a broken file is no harm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-window-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'window.json')
  expect(readWindowState(file)).toBeNull()
  writeWindowState(file, saved)
  expect(readWindowState(file)).toEqual(saved)
  writeFileSync(file, '{"x":')
  expect(readWindowState(file)).toBeNull()
  writeWindowState(join(folder, 'none', 'window.json'), saved)
})

test('E12: a packaged app has no menu entry for developer tools', () => {
  const menu = (packaged: boolean) => JSON.stringify(menuTemplate('linux', packaged))
  expect(menu(true)).not.toMatch(/toggleDevTools|reload/)
  expect(menu(false)).toMatch(/toggleDevTools/)
})
