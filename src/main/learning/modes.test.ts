// The gate table: what each mode lets through, and that nothing is let through in a mode that was not chosen.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { StoreMode } from '../../shared/memory.ts'
import { defineStore } from './define-store.ts'
import { ALL_MODES, Gate, MODES } from './modes.ts'
import type { LearningSettings } from './ports.ts'
import type { LearningStore } from './protocol.ts'

const store = defineStore({ id: 'plain', title: 'Plain', schema: z.strictObject({}) }) as LearningStore
const quiet = defineStore({
  id: 'quiet',
  title: 'Quiet',
  schema: z.strictObject({}),
  policy: { modes: ['off', 'propose'], defaultMode: 'propose' },
}) as LearningStore

function gateWith(settings: Partial<LearningSettings>): Gate {
  const stores = new Map([store, quiet].map((one) => [one.id, one]))
  return new Gate(stores, () => ({ learning: true, learnByItself: false, storeModes: {}, ...settings }))
}

describe('the gate', () => {
  it.each<[StoreMode, boolean, boolean, string, string]>([
    ['off', false, false, 'refused', 'refused'],
    ['always', true, true, 'written', 'written'],
    ['agentic', true, false, 'refused', 'written'],
    ['propose', true, true, 'proposed', 'proposed'],
    ['ask', true, true, 'proposed', 'proposed'],
  ])('%s', (mode, reads, extracts, extraction, tool) => {
    const gate = gateWith({ storeModes: { plain: mode } })
    expect(gate.modeOf('plain')).toBe(mode)
    expect(gate.reading().includes(store)).toBe(reads)
    expect(gate.extracting().includes(store)).toBe(extracts)
    expect(gate.outcome('plain', 'extraction')).toBe(extraction)
    expect(gate.outcome('plain', 'tool')).toBe(tool)
  })

  it('only ask pauses a turn, and only modes with tools let the model write or suggest', () => {
    expect(ALL_MODES.filter((mode) => MODES[mode].pauses)).toEqual(['ask'])
    expect(ALL_MODES.filter((mode) => ['write', 'suggest'].includes(MODES[mode].tools))).toEqual([
      'agentic',
      'propose',
      'ask',
    ])
  })

  it('the one switch is off for every store, whatever its mode', () => {
    const gate = gateWith({ learning: false, storeModes: { plain: 'always' } })
    expect([...gate.reading(), ...gate.extracting()]).toEqual([])
    expect(gate.outcome('plain', 'tool')).toBe('refused')
    expect(gate.chosen('plain')).toBe('always')
  })

  it('with everything proposed a store asks unless it was set, and one that is off stays off', () => {
    const gate = gateWith({ proposeEverything: true })
    expect([gate.modeOf('plain'), gate.modeOf('quiet')]).toEqual(['ask', 'propose'])
    expect(gateWith({ proposeEverything: true, storeModes: { plain: 'always' } }).modeOf('plain')).toBe('always')
    expect(gateWith({ proposeEverything: true, storeModes: { plain: 'off' } }).modeOf('plain')).toBe('off')
    expect(gateWith({ proposeEverything: true, learning: false }).modeOf('plain')).toBe('off')
    expect(gate.unset('plain')).toBe('ask')
  })

  it('a mode a store does not have counts as off, never as another mode', () => {
    const gate = gateWith({ storeModes: { quiet: 'always', plain: 'sometimes' as StoreMode } })
    expect([gate.modeOf('quiet'), gate.modeOf('plain'), gate.modeOf('unknown')]).toEqual(['off', 'off', 'off'])
  })

  it('a read-only store is used, and neither learned nor written by a tool', () => {
    const gate = gateWith({ readOnlyStores: ['plain'] })
    expect(gate.reading()).toContain(store)
    expect(gate.extracting()).not.toContain(store)
    expect(gate.outcome('plain', 'tool')).toBe('refused')
  })
})
