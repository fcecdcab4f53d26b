// The shapes a store's code has to answer in. The types promise them to other code; what a store really answers is looked
// at before anything is done with it, because one wrong value in a transaction fails what all stores do in it.
import { z } from 'zod'
import { entityType, namespace, origin, storeId } from '../../../shared/memory.ts'
import type { GrammarSchema } from '../../engine/engine.ts'

/** More is no sentence. In characters. */
const LONGEST_TEXT = 20_000
const NUL = '\0'

const id = z.guid()
const plain = z.string().refine((text) => !text.includes(NUL))
const said = plain.max(LONGEST_TEXT).refine((text) => text.trim() !== '')
/** A day that a calendar and a database both know. */
const day = z.date().refine((at) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999)
const fields = z.record(z.string(), z.unknown()).refine(isJson)

export const entityRef = z.looseObject({ name: said, type: entityType, certain: z.boolean() })

export const mentionShape = entityRef.extend({ start: z.int(), end: z.int() })

export const itemShape = z.looseObject({
  kind: said.max(60),
  text: said,
  content: fields,
  confidence: z.number().min(0).max(1).optional(),
  validFrom: day.nullish(),
  validTo: day.nullish(),
  subject: entityRef.nullish(),
  object: entityRef.nullish(),
  ends: z.array(entityRef).optional(),
  author: z.literal('assistant').optional(),
})

export const evidenceShape = z.looseObject({
  origin,
  quote: plain,
  at: day,
  conversationId: id.optional(),
  messageId: id.optional(),
  documentId: id.optional(),
  start: z.int().optional(),
  end: z.int().optional(),
})

const scope = z.looseObject({ namespace, projectId: id.optional(), conversationId: id.optional() })
const flag = z.boolean().optional()

export const foundShape = z.looseObject({
  item: itemShape,
  evidence: z.array(evidenceShape).min(1),
  about: id.optional(),
  scope: scope.optional(),
  store: storeId.optional(),
  whole: flag,
  asked: flag,
  waits: flag,
})

const count = z.int().min(0).optional()

const target = { id, base: z.int() }
const evidence = z.array(evidenceShape)
const keeps = plain.nullish()

/** Links are not written by stores. */
export const changeShape = z.discriminatedUnion('action', [
  z.looseObject({
    action: z.literal('add'),
    item: itemShape,
    evidence,
    scope: scope.optional(),
    waits: flag,
    contests: z.array(z.looseObject(target)).optional(),
    outdated: z.looseObject({ by: z.looseObject(target) }).optional(),
  }),
  z.looseObject({ action: z.literal('confirm'), ...target, evidence }),
  z.looseObject({ action: z.literal('update'), ...target, item: itemShape, evidence }),
  z.looseObject({ action: z.literal('supersede'), ...target, by: itemShape, reason: plain, evidence, keeps }),
  z.looseObject({ action: z.literal('retire'), ...target, reason: plain, evidence, keeps, by: id.optional() }),
  z.looseObject({ action: z.literal('archive'), ...target, reason: plain, evidence }),
  z.looseObject({ action: z.literal('merge'), ids: z.array(id).min(1), into: itemShape, evidence }),
])

export const lineShape = z.looseObject({ id, version: z.int(), line: z.string() })

/** A grammar the engine takes. */
export const grammarShape: z.ZodType<GrammarSchema> = z.lazy(() =>
  z.union([
    z.strictObject({ type: z.literal('object'), properties: z.record(z.string(), grammarShape) }),
    z.strictObject({ type: z.literal('array'), items: grammarShape, minItems: count, maxItems: count }),
    z.strictObject({
      type: z.literal('array'),
      prefixItems: z.array(grammarShape),
      minItems: z.int().min(0),
      maxItems: z.int().min(0),
      items: grammarShape.optional(),
    }),
    z.strictObject({ type: z.literal('string'), minLength: count, maxLength: z.int().min(1) }),
    z.strictObject({ type: z.enum(['integer', 'number', 'boolean', 'null']) }),
    z.strictObject({ const: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
    z.strictObject({ enum: z.array(z.union([z.string(), z.number()])).min(1) }),
    z.strictObject({ oneOf: z.array(grammarShape).min(1) }),
  ]),
) as z.ZodType<GrammarSchema>

/** Whether it can be kept as it is. */
function isJson(value: unknown): boolean {
  try {
    return !JSON.stringify(value).includes('\\u0000')
  } catch {
    return false
  }
}
