// What learning does by itself, after a turn or at a start: jobs of the queue, which a kill does not lose.
import type { BatchId } from '../../shared/ids.ts'
import { NEVER_GIVEN_UP } from '../jobs/queue.ts'
import { CURATE, type Curation } from './curation/curation.ts'
import { PURGE, type PurgePayload, SCRUB } from './forgetting/forget.ts'
import { purge } from './forgetting/purge.ts'
import { createLearnImport, LEARN_IMPORT } from './imported.ts'
import { createLearnTurn } from './learn-turn.ts'
import type { Gate } from './modes.ts'
import { INDEX, indexTurn, turnsWithoutPassages } from './passages/passages.ts'
import type { LearningPorts } from './ports.ts'
import { createTrial, TRIAL } from './trial.ts'
import { LEARN } from './turns.ts'
import { EMBED, embedMissing } from './vectors.ts'

/** @param inBackground does what must not fail the job */
export function handleJobs(
  ports: LearningPorts,
  gate: Gate,
  curation: Curation,
  inBackground: (work: () => Promise<void>) => void,
): void {
  const { jobs } = ports
  jobs.handle(LEARN, createLearnTurn(ports, gate))
  jobs.handle(LEARN_IMPORT, createLearnImport(ports, gate), NEVER_GIVEN_UP)
  jobs.handle(TRIAL, createTrial(ports, gate))
  jobs.handle(
    PURGE,
    async (job, finish) => {
      const payload = readPurge(job.payload)
      await ports.answers?.stop(job.owner, payload.writing)
      await finish('memory.purge', async (tx) => {
        const { purged, places, conversations, embed } = await purge(
          tx,
          job.owner,
          (job.payload['batchId'] ?? job.key) as BatchId,
          payload,
          ports.clock.now(),
        )
        if (purged + places > 0) await jobs.add(tx, { owner: job.owner, kind: SCRUB, key: job.key })
        if (embed) await jobs.add(tx, { owner: job.owner, kind: EMBED, key: job.id })
        // A restore of an older backup must not bring these back.
        return { purged, places, conversations }
      })
      // What the model read last may hold the words; it reads its next prompt from the start.
      inBackground(async () => ports.forgetPrompts?.())
      ports.events.memoriesChanged()
    },
    NEVER_GIVEN_UP,
  )
  jobs.handle(
    SCRUB,
    async (job, finish) => {
      // One pass serves all that wait.
      const { queued } = await jobs.counts(job.owner, SCRUB)
      if (queued === 0) await ports.db.scrub()
      await finish('memory.scrubbed', async () => ({ scrubbed: queued === 0 }))
    },
    NEVER_GIVEN_UP,
  )
  jobs.handle(INDEX, async (job, finish, signal) => {
    let indexed = 0
    let turns = await turnsWithoutPassages(ports.db.read, job.owner, null)
    while (turns.length > 0) {
      signal.throwIfAborted()
      const some = turns
      await ports.db.write('index.turns', async (tx) => {
        for (const turn of some) indexed += await indexTurn(tx, job.owner, turn)
      })
      turns = await turnsWithoutPassages(ports.db.read, job.owner, some.at(-1) ?? null)
    }
    await finish('index.done', async (tx) => {
      if (indexed > 0) await jobs.add(tx, { owner: job.owner, kind: EMBED, key: job.key })
      return { indexed }
    })
  })
  jobs.handle(EMBED, async (job, finish, signal) => {
    const embedded = await embedMissing(ports, job.owner, signal)
    await finish('embed.done', async () => ({ embedded }))
  })
  jobs.handle(CURATE, async (job, finish) => {
    const counts = await curation.tidy(job.owner)
    await finish('curate.done', async () => ({ ...counts }))
  })
}

function readPurge(payload: Record<string, unknown>): PurgePayload {
  const list = <Id>(value: unknown) => (Array.isArray(value) ? (value as Id[]) : [])
  return {
    ids: list(payload['ids']),
    chosen: list(payload['chosen']),
    entities: list(payload['entities']),
    passages: list(payload['passages']),
    writing: list(payload['writing']),
  }
}
