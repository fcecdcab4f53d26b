// People and things: who and what was spoken of, what is known of each, and who is what to whom.
import { z } from 'zod'
import { batchId, entityId, memoryId } from '../ids.ts'
import { entityType, memoryView } from '../memory.ts'
import { base, words } from './base.ts'

const name = words().trim().min(1, 'The name is empty.').max(200, 'The name is too long.')

export const entityView = z.strictObject({
  id: entityId,
  name: z.string(),
  type: entityType,
  /** Other names it goes by. */
  aliases: z.array(z.string()),
  status: z.enum(['active', 'archived']),
  version: z.int(),
  /** When something was last learned of it. */
  mentionedAt: z.date(),
})
export type EntityView = z.infer<typeof entityView>

/** A relationship as it stands at one of its ends. */
const tie = z.strictObject({
  memory: memoryView,
  relation: z.string().nullable(),
  /** The other end; null where it is not known any more. */
  other: entityView.nullable(),
  /** The other end is what this one is something to. */
  outward: z.boolean(),
})

const changed = z.strictObject({ entity: entityView, batchId })

export const entities = {
  list: base
    .input(
      z.strictObject({
        /** Part of a name; finds archived ones too. Empty lists the latest mentioned first. */
        query: words().max(200).default(''),
        type: entityType.nullable().default(null),
        status: z.enum(['active', 'archived']).default('active'),
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.strictObject({
        /** With the number of active memories about each. */
        items: z.array(entityView.extend({ known: z.int() })),
        total: z.int(),
        /** How many there are of each type, whatever the filter. */
        types: z.partialRecord(entityType, z.int()),
        nextCursor: z.string().nullable(),
      }),
    ),

  /** One of them with the newest that is known of it; `more` says that there is more. */
  get: base.input(z.strictObject({ id: entityId })).output(
    z.strictObject({
      entity: entityView,
      ties: z.array(tie),
      /** Facts, events and memories about it. */
      known: z.array(memoryView),
      more: z.boolean(),
      /** What was known of it and holds no longer: replaced, or put away. */
      past: z.array(memoryView),
      /** Active memories about it, those not listed here included. */
      count: z.int(),
      /** What it turned out to be the same as, each of which can be parted again. */
      merged: z.array(z.strictObject({ id: entityId, name: z.string() })),
      /** Who and what it is tied to in two steps. */
      neighbours: z.array(z.strictObject({ entity: entityView, steps: z.int(), through: z.string() })),
    }),
  ),

  /** Whom a name means, or an alias; null: nobody that is known, or several. */
  personNamed: base
    .input(z.strictObject({ name }))
    .output(z.strictObject({ person: z.strictObject({ id: entityId, name: z.string() }).nullable() })),

  /** It and at most 59 around it, for drawing; `total` counts all within two steps. */
  graph: base.input(z.strictObject({ id: entityId, types: z.array(entityType).nullable().default(null) })).output(
    z.strictObject({
      /** The one in the middle first. */
      nodes: z.array(
        z.strictObject({
          entity: entityView,
          /** From the one in the middle. */
          steps: z.int(),
          /** Neighbours of it that are not drawn. */
          hidden: z.int(),
        }),
      ),
      edges: z.array(
        z.strictObject({ memoryId, from: entityId, to: entityId, relation: z.string().nullable(), text: z.string() }),
      ),
      total: z.int(),
    }),
  ),

  /** The two are one: all that is known of the first is known of the second. Undone like a change to a memory. */
  merge: base.input(z.strictObject({ from: entityId, into: entityId })).output(changed),

  /** Takes one that was merged out again. */
  part: base.input(z.strictObject({ id: entityId })).output(changed),

  /** It was two: what the named memories say is about a new one. */
  split: base
    .input(z.strictObject({ id: entityId, name, type: entityType, memoryIds: z.array(memoryId).min(1).max(1000) }))
    .output(changed),

  /** `version` is the one the person saw; CONFLICT when it changed meanwhile. It is still found by its old name. */
  rename: base
    .input(z.strictObject({ id: entityId, version: z.int(), name: name.optional(), type: entityType.optional() }))
    .output(changed),

  addName: base.input(z.strictObject({ id: entityId, name })).output(changed),

  /** It does not go by this name any more; what was merged into it is parted instead. */
  removeName: base.input(z.strictObject({ id: entityId, name })).output(changed),

  archive: base.input(z.strictObject({ id: entityId, archived: z.boolean() })).output(changed),

  /**
   * Forgets whom a name means, as `memory.forget` does for one entity. A name that could mean several changes nothing:
   * `candidates` then lists them.
   */
  forget: base.input(z.strictObject({ name, mode: z.enum(['everywhere', 'learned']).default('everywhere') })).output(
    z.strictObject({
      batchId: batchId.nullable(),
      /** Until then `memory.undo` brings it back. */
      finalAt: z.date().nullable(),
      candidates: z.array(entityView),
    }),
  ),
}
