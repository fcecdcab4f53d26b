// What the evaluation of growth counts: a small life made for it, and lines as a prompt has them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type LifeQuestion, readLife } from './growth-life.ts'
import { failedFloors, hasTakenHold, scoreAnswer, scoreCheckpoint, wantedAfter } from './growth-score.ts'

const places = new Map([
  ['told', 3],
  ['changed', 7],
])
const question: LifeQuestion = {
  id: 'swim',
  ask: 'When do I swim?',
  needed: [
    { phrase: 'on Monday', from: 'told', until: 'changed' },
    { phrase: { any: ['on Friday', 'Fridays'] }, from: 'changed' },
  ],
  outdated: [{ phrase: 'on Monday', from: 'changed' }],
}
const after = (turns: number) => wantedAfter(question, turns, places)

it('needs nothing before it is said, and what holds now after a change', () => {
  expect(after(2)).toEqual({ needed: [], outdated: [] })
  expect(after(3)).toEqual({ needed: ['on Monday'], outdated: [] })
  expect(after(6)).toEqual({ needed: ['on Monday'], outdated: [] })
  expect(after(7)).toEqual({ needed: [{ any: ['on Friday', 'Fridays'] }], outdated: ['on Monday'] })
})

it('reaches nothing without its words, and not with those of a line that is over', () => {
  expect(scoreAnswer(after(2), ['Swims on Monday.']).reached).toBe(false)
  expect(scoreAnswer(after(3), []).reached).toBe(false)
  expect(scoreAnswer(after(3), ['Swims on Sunday (3 March 2025)']).reached).toBe(false)
  expect(scoreAnswer(after(3), ['Swims ON MONDAY (3 March 2025)']).reached).toBe(true)
  expect(scoreAnswer(after(3), ['Swims on Monday (3 March 2025, until 9 April 2025)']).reached).toBe(false)
})

it('counts an old item as given unless its own line says that it is over or what holds now', () => {
  const given = (...lines: string[]) => scoreAnswer(after(8), lines).given.length
  expect(given('Swims on Monday.')).toBe(1)
  // A date tells when it was said. What holds now, in another line, does not make this one right.
  expect(given('The user said: "I swim on Monday" (3 March 2025)', 'Swims on Friday (9 April 2025)')).toBe(1)
  expect(given('Swims on Monday (3 March 2025, until 9 April 2025)')).toBe(0)
  expect(given('Swims on Monday (3 March 2025, no longer so)')).toBe(0)
  expect(given('The user used to swim on Monday.')).toBe(0)
  expect(given('I swim on Friday now, not on Monday')).toBe(0)
})

it('a correction has taken hold when the new comes and the old does not', () => {
  const holds = (...lines: string[]) => hasTakenHold(scoreAnswer(after(7), lines))
  expect(holds('Swims on Friday.')).toBe(true)
  expect(holds('Swims on Friday.', 'Swims on Monday.')).toBe(false)
  expect(holds('Swims on Monday.')).toBe(false)
  expect(holds()).toBe(false)
  // Something that ended, with nothing in its place, holds when it is no longer given.
  const ended = { needed: [], outdated: after(7).outdated }
  expect(hasTakenHold(scoreAnswer(ended, []))).toBe(true)
  expect(hasTakenHold(scoreAnswer(ended, ['Swims on Monday.']))).toBe(false)
})

it('fails each floor by itself', () => {
  const at = (turns: number, reached: number, given: number, tokens: number) => {
    const answers = Array.from({ length: 40 }, (_, index) => ({
      reached: index < reached,
      isNeeded: true,
      outdated: 1,
      given: index < given ? [{ phrase: 'old', line: 'old' }] : [],
      tokens,
    }))
    return scoreCheckpoint(turns, answers)
  }
  expect(at(10, 4, 1, 50)).toEqual({
    turns: 10,
    questions: 40,
    answerable: 40,
    reached: 4,
    outdated: 40,
    given: 1,
    tokens: 50,
  })
  expect(failedFloors([at(10, 4, 2, 50), at(100, 16, 2, 90), at(300, 30, 2, 90)])).toEqual([])
  expect(failedFloors([at(10, 4, 0, 50), at(100, 16, 0, 90), at(300, 16, 0, 90)])).toHaveLength(1)
  expect(failedFloors([at(10, 4, 2, 50), at(100, 16, 2, 90), at(300, 30, 3, 90)])).toHaveLength(1)
  expect(failedFloors([at(10, 4, 0, 50), at(100, 16, 0, 90), at(300, 30, 0, 91)])).toHaveLength(1)
})

it('reads the life of this repository, and names what is wrong in another', () => {
  const file = join(import.meta.dirname, 'growth', 'life.json')
  const life = readLife(file)
  expect(life.questions).toHaveLength(40)
  const folder = mkdtempSync(join(tmpdir(), 'understudy-life-'))
  try {
    const other = join(folder, 'life.json')
    const wrong = JSON.parse(readFileSync(file, 'utf8')) as typeof life
    wrong.questions[1]?.needed.push({ phrase: 'x', from: 'nowhere' })
    wrong.conversations = wrong.conversations.slice(0, 5)
    writeFileSync(other, JSON.stringify(wrong))
    expect(() => readLife(other)).toThrow(/there is no turn "nowhere"\s+→ at questions\[1\]\.needed\[\d\]\.from/u)
    expect(() => readLife(other)).toThrow(/at least 300 are needed\s+→ at conversations/u)
    writeFileSync(other, JSON.stringify({ ...life, questions: [{ ...life.questions[0], ask: 7 }] }))
    expect(() => readLife(other)).toThrow(/questions\[0\]\.ask/u)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
