import { expect, test } from 'vitest'
import { MESSAGE_BYTES_MAX, MessageGate } from './message-gate.ts'

test('a message has a size, counted in bytes', () => {
  const gate = new MessageGate(() => 0)
  expect(gate.admit('a'.repeat(MESSAGE_BYTES_MAX))).toBe('admitted')
  expect(gate.admit('a'.repeat(MESSAGE_BYTES_MAX + 1))).toBe('too-large')
  expect(gate.admit('ä'.repeat(MESSAGE_BYTES_MAX / 2))).toBe('admitted')
  expect(gate.admit('ä'.repeat(MESSAGE_BYTES_MAX / 2 + 1))).toBe('too-large')
  expect(gate.admit(new Uint8Array(4))).toBe('not-text')
  expect(gate.admit({ toString: () => 'x' })).toBe('not-text')
})

test('a flood is cut off and a patient window goes on', () => {
  let now = 0
  const gate = new MessageGate(() => now)
  let admitted = 0
  for (let i = 0; i < 2000; i += 1) if (gate.admit('x') === 'admitted') admitted += 1
  expect(admitted).toBe(500)
  now += 1000
  admitted = 0
  for (let i = 0; i < 2000; i += 1) if (gate.admit('x') === 'admitted') admitted += 1
  expect(admitted).toBe(200)
})
