import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChosenKeys,
  COMMAND_GROUPS,
  COMMANDS,
  type CommandId,
  commandOf,
  holderOf,
  isFor,
  keysOf,
  shownKeys,
} from './commands.ts'
import { combinationOf, isBrowsersOwn, isPlain, refusalOf, showCombination } from './key-combination.ts'
import en from './locales/en.json'

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
const press = (key: string, more: Partial<typeof plain> = {}, code = '') => ({ ...plain, key, code, ...more })
const here = { typing: false, mac: false }
const typing = { typing: true, mac: false }

describe('the list of commands', () => {
  it('gives no keys to two commands, words to each, and every group a command', () => {
    const keys = COMMANDS.flatMap((command) => [...command.keys])
    expect(keys).toHaveLength(new Set(keys).size)
    for (const { id } of COMMANDS) expect(en.commands.item[id]).toEqual(expect.any(String))
    expect(Object.keys(en.commands.item).sort()).toEqual(COMMANDS.map(({ id }) => id).sort())
    expect([...new Set(COMMANDS.map(({ group }) => group))]).toEqual([...COMMAND_GROUPS])
  })

  it('has keys for every command that a browser leaves to the page', () => {
    for (const { id } of COMMANDS) expect(shownKeys(id, {}, false)).not.toBeNull()
  })

  it('uses plain keys only for what is done outside of text fields', () => {
    const plainOnes = COMMANDS.filter((command) => command.keys.every(isPlain)).map(({ id }) => id)
    expect(plainOnes).toEqual(['stop', 'editLast', 'writeMessage', 'searchMemory'])
  })
})

describe('keys', () => {
  it('are known on every system, in text fields too', () => {
    expect(commandOf(press('k', { ctrlKey: true }), {}, typing)).toBe('palette')
    expect(commandOf(press('k', { metaKey: true }), {}, { typing: true, mac: true })).toBe('palette')
    expect(commandOf(press('O', { ctrlKey: true, shiftKey: true }), {}, typing)).toBe('newChat')
    expect(commandOf(press('˜', { altKey: true }, 'KeyN'), {}, { typing: true, mac: true })).toBe('newChat')
    expect(commandOf(press('/', { ctrlKey: true }), {}, typing)).toBe('shortcuts')
    expect(commandOf(press('?', { shiftKey: true }), {}, here)).toBe('shortcuts')
    expect(commandOf(press('Escape'), {}, typing)).toBe('stop')
    expect(commandOf(press('/'), {}, here)).toBe('searchMemory')
  })

  it('that a field is told of by itself are known to it, the chosen ones too', () => {
    expect(isFor('editLast', press('ArrowUp'), {}, false)).toBe(true)
    expect(isFor('editLast', press('ArrowUp', { shiftKey: true }), {}, false)).toBe(false)
    expect(isFor('editLast', press('ArrowUp'), { editLast: 'Alt+E' }, false)).toBe(false)
    expect(isFor('editLast', press('e', { altKey: true }, 'KeyE'), { editLast: 'Alt+E' }, false)).toBe(true)
  })

  it('leave letters to the text field, and other keys to the browser and the system', () => {
    expect(commandOf(press('/'), {}, typing)).toBeNull()
    expect(commandOf(press('?', { shiftKey: true }), {}, typing)).toBeNull()
    expect(commandOf(press('n'), {}, here)).toBeNull()
    expect(commandOf(press('c', { ctrlKey: true }), {}, here)).toBeNull()
    expect(commandOf(press('ArrowUp'), {}, here)).toBeNull()
    // AltGr writes letters on many keyboards, and Ctrl+K is another key on a Mac.
    expect(commandOf(press('n', { ctrlKey: true, altKey: true }, 'KeyN'), {}, typing)).toBeNull()
    expect(commandOf(press('k', { ctrlKey: true }), {}, { typing: false, mac: true })).toBeNull()
    expect(commandOf(press('k', { metaKey: true }), {}, here)).toBeNull()
  })

  it('are printed as on the keyboard', () => {
    expect(showCombination('Mod+Shift+O', false)).toBe('Ctrl+Shift+O')
    expect(showCombination('Mod+Shift+O', true)).toBe('⇧⌘O')
    expect(showCombination('Alt+ArrowDown', false)).toBe('Alt+↓')
  })
})

describe('keys the person chose', () => {
  it('take the place of those a command comes with, and of those of others', () => {
    const chosen: ChosenKeys = { sidebar: 'Mod+K', memory: '' }
    expect(commandOf(press('k', { ctrlKey: true }), chosen, here)).toBe('sidebar')
    expect(commandOf(press('b', { ctrlKey: true }), chosen, here)).toBeNull()
    expect(shownKeys('memory', chosen, false)).toBeNull()
    expect(shownKeys('palette', chosen, false)).toBeNull()
    expect(holderOf('Mod+K', {}, 'sidebar')).toBe('palette')
    expect(holderOf('Mod+K', {}, 'palette')).toBeNull()
  })

  it('are refused where they would not work or would take keys of text', () => {
    expect(refusalOf('Mod+V', true)).toBe('editing')
    expect(refusalOf('Mod+T', false)).toBe('browser')
    expect(refusalOf('Mod+T', true)).toBeNull()
    expect(refusalOf('G', true)).toBe('plain')
    expect(refusalOf('Alt+G', false)).toBeNull()
    expect(isBrowsersOwn('Mod+N')).toBe(true)
  })

  it('never give one press to two commands', () => {
    const ids: CommandId[] = COMMANDS.map(({ id }) => id)
    const all = COMMANDS.flatMap((command) => [...command.keys])
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.constantFrom('', 'F8', ...all), (id, keys) => {
        const chosen = { [id]: keys }
        const given = COMMANDS.flatMap((command) => [...keysOf(command, chosen)])
        expect(given).toHaveLength(new Set(given).size)
      }),
    )
  })

  it('are read from a press as they are written', () => {
    expect(combinationOf(press('Control', { ctrlKey: true }), false)).toBeNull()
    expect(combinationOf(press('+', { ctrlKey: true }), false)).toBe('Mod+Plus')
    expect(combinationOf(press('F2'), false)).toBe('F2')
    expect(combinationOf(press('d', { metaKey: true }), false)).toBeNull()
  })
})
