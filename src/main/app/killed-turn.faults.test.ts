// A turn writes several times: the message, what was recalled, the answer, the work of learning, vectors. Killed before
// any of them, the app goes on at the next start as if it had only been slow.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Child, startChild } from '../database/fixtures/child.ts'
import { testTemplate } from '../database/testing.ts'
import type { TurnState } from './fixtures/turn.ts'

// Each kill takes a process of its own.
vi.setConfig({ testTimeout: 300_000 })

/** As different as can be: none of them is news about another. */
const things = [
  'I planted a walnut tree beside the pond.',
  'My grandmother Olga sings in a choir.',
  'We repaired the roof of the boathouse in Visby.',
  'I own a red bicycle with three gears.',
  'My dentist is called Doctor Ferreira.',
  'I once broke my left arm on a glacier.',
  'Our cellar holds two hundred bottles of cider.',
  'I collect stamps from Mongolia.',
  'My neighbour Aksel breeds greyhounds.',
  'We celebrate midsummer on an island near Turku.',
  'I translated a cookbook from Georgian.',
  'My first computer was an old Amiga.',
  'I wear size 44 hiking boots.',
  'Our piano was built in Leipzig in 1911.',
  'I play chess against Marguerite by post.',
  'My thesis was about lichens.',
]

let folder: string
let child: Child | null = null
beforeAll(async () => {
  await testTemplate()
  folder = mkdtempSync(join(tmpdir(), 'understudy-killed-turn-'))
})
afterAll(async () => {
  await child?.kill()
  rmSync(folder, { recursive: true, force: true })
})

/** Plays a turn that is killed before its `kill`-th write. */
async function play(
  text: string,
  kill: number,
): Promise<{ before: TurnState[]; sent: boolean; after: TurnState[] | null }> {
  child = startChild(join(import.meta.dirname, 'fixtures', 'turn.ts'), [folder, text, String(kill)])
  const code = await child.ended()
  const read = (name: string): TurnState[] | null => {
    const line = child?.lines.find((each) => each.startsWith(`${name} `))
    return line === undefined ? null : JSON.parse(line.slice(name.length + 1))
  }
  const before = read('before')
  if (!before) throw new Error(`recovery failed, code ${code}: ${child.errors()}`)
  const after = read('after')
  if (!after && code !== null) throw new Error(`the turn failed, code ${code}: ${child.errors()}`)
  return { before, sent: child.lines.includes('sent'), after }
}

it('a turn killed between any two writes loses nothing, is learned from exactly once, and stops nothing after it', async () => {
  const acknowledged: string[] = []
  const expectWhole = (turns: TurnState[]) => {
    for (const text of acknowledged) expect(turns.map((turn) => turn.text)).toContain(text)
    for (const turn of turns) {
      // The answer is whole, or says that it was interrupted and may be asked for again.
      expect(turn.answers, turn.text).toEqual([expect.stringMatching(/^(complete|interrupted)$/)])
      expect(turn.learnJobs, turn.text).toEqual(['done'])
      // Worded in the third person; each once, and as often as the journal says.
      expect(turn.memories, turn.text).not.toEqual([])
      for (const one of turn.memories) expect(one, turn.text).toMatch(/^active: /)
      expect(new Set(turn.memories).size, turn.text).toBe(turn.memories.length)
      expect(turn.adds, turn.text).toBe(turn.memories.length)
      expect(turn.passages, turn.text).toBeGreaterThan(0)
    }
  }
  let kills = 0
  for (const [index, text] of things.entries()) {
    const { before, sent, after } = await play(text, index + 1)
    expectWhole(before)
    if (sent) acknowledged.push(text)
    if (!after) {
      kills += 1
      continue
    }
    expectWhole(after)
    expect(after.at(-1)?.answers).toEqual(['complete'])
    break
  }
  // Message, recall, answer, the claim of the work and its result at least; and one turn that was left alone.
  expect(kills).toBeGreaterThanOrEqual(5)
  expect(kills).toBeLessThan(things.length)
})
