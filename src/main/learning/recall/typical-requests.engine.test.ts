import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../app/log.ts'
import { resourcesFolder } from '../../app/resources.ts'
import { createChildLauncher } from '../../engine/child-launcher.ts'
import { createEngine } from '../../engine/client.ts'
import type { Engine } from '../../engine/engine.ts'
import { questionOf } from './question.ts'
import { type Candidate, scoreCandidates } from './score.ts'
import { TypicalRequests } from './typical-requests.ts'
import { tuningOf } from './weights.ts'

let engine: Engine
beforeAll(() => {
  engine = createEngine({
    launcher: createChildLauncher(),
    embedderFile: join(resourcesFolder(), 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
    log: createLog(null),
    threads: 1,
    gpu: false,
  })
})
afterAll(() => engine.close())

const candidate = (text: string, similarity: number, typical: number): Candidate => ({
  id: text,
  text,
  words: 0,
  similarity,
  typical,
  unit: text,
  part: 0,
  before: null,
  thread: null,
  voice: null,
  at: new Date(0),
  isLinked: false,
  isOfOthers: false,
})

describe('typical requests', () => {
  it('are near to what any request for advice is near to, and far from a plain fact', async () => {
    const requests = new TypicalRequests(engine.embedder, createLog(null))
    const [anything, fact] = await engine.embedder.embed(
      ['I like to get good recommendations for things to do.', 'The cellar door is 82 centimetres wide.'],
      'document',
    )
    if (!anything || !fact) throw new Error('no vectors')
    expect(requests.nearnessTo(anything)).toBeNull()
    await requests.prepare()
    expect(requests.nearnessTo(anything) ?? 0).toBeGreaterThan((requests.nearnessTo(fact) ?? 1) + 0.1)
  })

  it('take away from what is near to all of them, so that what is near to this one stands first', () => {
    const question = questionOf({
      text: 'Can you recommend a café for tomorrow?',
      recent: [],
      floor: true,
      now: new Date(0),
    })
    expect(question.asksAdvice).toBe(true)
    const { advice } = tuningOf(engine.embedder.model)
    const [common, particular] = scoreCandidates(
      question,
      [candidate('I enjoy good tips.', 0.5, 0.45), candidate('Loud music gives me headaches.', 0.42, 0.2)],
      () => advice,
    )
    expect(particular?.score ?? 0).toBeGreaterThan(common?.score ?? 1)
  })
})
