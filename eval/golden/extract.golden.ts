// What the starter model learns of a few messages, through the path of a chat turn: part of `npm run test:real`. Not a
// measurement (that is `npm run eval -- extract`), but what would break first when a prompt, a rule or the model changes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { main } from '../extract.ts'

const messages = join(import.meta.dirname, 'extract.jsonl')
const folder = mkdtempSync(join(tmpdir(), 'understudy-golden-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('the starter model learns what ten messages say, names whom they name, and keeps nothing of five others', async () => {
  const out = join(folder, 'out.jsonl')
  expect(await main(['--in', messages, '--out', out])).toBe(0)
  expect(await main(['--report', messages, '--out', out])).toBe(0)
})
