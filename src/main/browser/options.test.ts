import { expect, test } from 'vitest'
import { openerFor } from './open-address.ts'
import { readBrowserOptions } from './options.ts'

test('reads what a person may say', () => {
  expect(readBrowserOptions([])).toEqual({ profile: undefined, port: 0, open: true })
  expect(readBrowserOptions(['--profile', 'a b', '--port', '8080', '--no-open'])).toEqual({
    profile: 'a b',
    port: 8080,
    open: false,
  })
})

test.each([
  [['--port', 'x'], '--port needs a number from 1 to 65535, not "x".'],
  [['--port', '70000'], '--port needs a number from 1 to 65535, not "70000".'],
  [['--port='], '--port needs a number from 1 to 65535, not "".'],
  [['--profile='], '--profile needs a folder.'],
])('%j is refused in words', (given, message) => {
  expect(() => readBrowserOptions(given)).toThrow(message)
})

test('unknown options and stray words are refused by name', () => {
  expect(() => readBrowserOptions(['--prot', '1'])).toThrow(/--prot/)
  expect(() => readBrowserOptions(['8080'])).toThrow(/8080/)
})

test('an address is opened where there is a screen, and never by a shell', () => {
  const address = 'http://127.0.0.1:1/?token=a'
  expect(openerFor(address, 'darwin', {})).toEqual({ command: 'open', args: [address] })
  expect(openerFor(address, 'win32', {})?.command).toBe('rundll32.exe')
  expect(openerFor(address, 'linux', { DISPLAY: ':0' })).toEqual({ command: 'xdg-open', args: [address] })
  expect(openerFor(address, 'linux', {})).toBeNull()
  expect(openerFor(address, 'linux', { DISPLAY: ':0', SSH_CONNECTION: 'a' })).toBeNull()
})
