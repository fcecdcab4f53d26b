import { describe, expect, it } from 'vitest'
import { ReadingSpeed } from './prefill.ts'

describe('the measured reading speed', () => {
  it('tells what the machine can do, whatever a busy moment does to it', () => {
    const told: number[] = []
    const speed = new ReadingSpeed((tokensPerSecond) => told.push(tokensPerSecond))
    for (let index = 0; index < 8; index++) speed.record(50, 1000)
    for (let index = 0; index < 4; index++) speed.record(50, 10_000)
    expect(told.at(-1)).toBe(50)
  })

  it('follows a machine that became slow for good', () => {
    const told: number[] = []
    const speed = new ReadingSpeed((tokensPerSecond) => told.push(tokensPerSecond))
    for (let index = 0; index < 8; index++) speed.record(50, 1000)
    for (let index = 0; index < 32; index++) speed.record(50, 10_000)
    expect(told.at(-1)).toBe(5)
  })

  it('sizes pieces by how it is right now', () => {
    const speed = new ReadingSpeed(() => undefined)
    speed.record(100, 1000)
    expect(speed.piece(0.5)).toBe(50)
    for (let index = 0; index < 20; index++) speed.record(24, 2000)
    expect(speed.piece(0.5)).toBe(6)
    // Slow is believed at once, quick only when it stays so.
    speed.record(100, 1000)
    expect(speed.piece(0.5)).toBeLessThan(20)
  })
})
