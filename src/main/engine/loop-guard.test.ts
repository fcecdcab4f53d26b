// What counts as a model that repeats itself for ever, and what does not.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LoopGuard } from './loop-guard.ts'

/** @returns characters after which the guard spoke; null when it never did */
function spokeAfter(text: string, piece = 5): number | null {
  const guard = new LoopGuard()
  for (let at = 0; at < text.length; at += piece) {
    if (guard.add(text.slice(at, at + piece))) return at + piece
  }
  return null
}

const sentence = fc
  .array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 4, maxLength: 30 })
  .map((words) => `${words.join(' ')}. `)

it('ends every loop, whatever is repeated and whatever stands before it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), sentence, fc.integer({ min: 1, max: 40 }), (before, unit, piece) => {
      const after = spokeAfter(before + unit.repeat(Math.ceil(13_000 / unit.length)), piece)
      expect(after).not.toBeNull()
      // The minimum, or eight times, and what the last look and the last piece may lie behind; twice that in code.
      expect(after).toBeLessThan(before.length + 2 * Math.max(6000, unit.length * 9) + 200)
    }),
    { numRuns: 60 },
  )
})

it('lets a text pass whose sentences differ, even by a number alone', () => {
  fc.assert(
    fc.property(sentence, fc.integer({ min: 0, max: 1000 }), (unit, first) => {
      const list = Array.from({ length: 300 }, (_, index) => `${first + index}. ${unit}`).join('\n')
      expect(spokeAfter(list)).toBeNull()
    }),
    { numRuns: 15 },
  )
})

it('lets lists, tables and code pass that repeat themselves with a reason', () => {
  const zeros = `const grid = [\n${`  [${'0, '.repeat(20)}],\n`.repeat(40)}]\n`
  const rows = `\`\`\`html\n${'<tr><td>Name</td><td>Value</td></tr>\n'.repeat(50)}\`\`\`\n`
  const ruler = `${'-'.repeat(500)}\n`
  const song = 'And so we sing it once again, la la la la, until the morning comes.\n'.repeat(12)
  for (const text of [zeros, rows, ruler, song]) expect(spokeAfter(text)).toBeNull()
})

it('takes a loop of half an answer, in the middle of a code fence, for one as well', () => {
  expect(spokeAfter('I am happy to help you with that today. '.repeat(60))).toBeLessThan(1800)
  expect(spokeAfter(`\`\`\`ts\n${'const answer = compute(question)\n'.repeat(150)}`)).toBeLessThan(3500)
  expect(spokeAfter('la '.repeat(3000))).toBeLessThan(6200)
})
