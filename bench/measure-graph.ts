// From the click on "Look around" to the frame that shows what is around an entity, in a world of 2,000 with 12,000 ties, in
// the built page with the real core and database behind it: hubs with hundreds of ties, and entities with few.
import { loadavg } from 'node:os'
import type { Page } from '@playwright/test'
import { withCore } from '../eval/core.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { entity, evidence, memory } from '../src/main/database/schema.ts'
import { type EntityId, type EvidenceId, type MemoryId, newId } from '../src/shared/ids.ts'
import { withPage } from './page.ts'
import { percentile, type Results } from './result.ts'
import { seeded, tidied } from './seed.ts'

const ENTITIES = 2_000
const TIES = 12_000
const BATCH = 500
/** Openings of hubs, and as many of others. */
const TIMES = 20

export async function measureGraph(): Promise<Results> {
  return withCore(async (core) => {
    const ids = await seedWorld(core)
    return withPage(core, {}, async (page) => {
      await page.evaluate(OPEN)
      const samples = { hub: [] as number[], other: [] as number[] }
      for (let time = 0; time < TIMES; time++) {
        // Each is opened once: what was read before is shown at once, and is not what is measured.
        samples.hub.push(await open(page, ids[time]))
        samples.other.push(await open(page, ids[ids.length - 1 - time]))
      }
      return {
        graph: {
          value: percentile([...samples.hub, ...samples.other], 0.95),
          unit: 'ms',
          detail: {
            hub: percentile(samples.hub, 0.95),
            hubP50: percentile(samples.hub, 0.5),
            other: percentile(samples.other, 0.95),
            otherP50: percentile(samples.other, 0.5),
            first: samples.hub[0] ?? 0,
            entities: ENTITIES,
            ties: TIES,
            load: loadavg()[0] ?? null,
          },
        },
      }
    })
  })
}

/** Goes to an address, and resolves with the milliseconds until the frame after the drawing of this entity stands there. */
const OPEN = `
  window.benchOpen = (id, name) => new Promise((resolve) => {
    const begin = performance.now()
    const look = () => {
      const heading = document.querySelector('aside h2')
      if (heading?.textContent === name && document.querySelector('main svg circle')) {
        requestAnimationFrame(() => resolve(performance.now() - begin))
      } else requestAnimationFrame(look)
    }
    location.hash = '#/people/' + id + '/graph'
    look()
  })
`

function open(page: Page, named: Named | undefined): Promise<number> {
  return page.evaluate(`benchOpen('${named?.id}', '${named?.name}')`)
}

interface Named {
  id: EntityId
  name: string
}

/** @returns the entities, those with the most ties first */
async function seedWorld({ db }: Core): Promise<Named[]> {
  const random = seeded(11)
  const at = new Date('2026-01-02T10:00:00Z')
  const world = Array.from({ length: ENTITIES }, (_, index) => ({ id: newId<EntityId>(), name: `Person ${index}` }))
  // The earlier one stands in the list, the more ties it has, as in a life.
  const some = () => world[Math.floor(random() ** 3 * ENTITIES)] ?? { id: newId<EntityId>(), name: '' }
  const ties = Array.from({ length: TIES }, (_, index) => {
    const [from, to] = [some(), some()]
    return {
      ...{ id: newId<MemoryId>(), owner: OWNER, store: 'entity_memory', kind: 'relationship' },
      ...{ subjectId: from.id, objectId: to.id, status: 'active' as const, author: 'person' },
      ...{ text: `${from.name} knows ${to.name}.`, data: { voice: 'note', relation: 'knows' } },
      ...{ createdAt: at, updatedAt: new Date(at.getTime() + index * 60_000) },
    }
  })
  const rows = world.map(({ id, name }) => ({
    ...{ id, owner: OWNER, name, folded: name.toLowerCase(), type: 'person' },
    ...{ createdAt: at, updatedAt: at, mentionedAt: at },
  }))
  for (const some of batches(rows)) await db.write('bench.entities', (tx) => tx.insert(entity).values(some))
  for (const some of batches(ties)) {
    await db.write('bench.ties', async (tx) => {
      await tx.insert(memory).values(some)
      await tx.insert(evidence).values(
        some.map(({ id, text }) => ({
          ...{ id: newId<EvidenceId>(), owner: OWNER, memoryId: id, origin: 'hand' as const, quote: text, at },
        })),
      )
    })
  }
  await tidied(db)
  return world
}

function batches<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, index) =>
    rows.slice(index * BATCH, (index + 1) * BATCH),
  )
}
