// What one decision holds.
import { z } from 'zod'
import { memoryId } from '../../../shared/ids.ts'

/** Kind of a decision of the assistant; all others are the person's. */
export const OWN_DECISION = 'own_decision'

export const decisionContent = z.strictObject({
  choice: z.string().max(200).nullable().default(null).meta({ title: 'Choice' }),
  why: z.string().max(1000).nullable().default(null).meta({ title: 'Why' }),
  alternatives: z.array(z.string().max(200)).max(10).default([]).meta({ title: 'Alternatives' }),
  confidence: z.enum(['low', 'medium', 'high']).nullable().default(null).meta({ title: 'Confidence' }),
  outcome: z.string().max(1000).nullable().default(null).meta({ title: 'Outcome' }),
  quality: z.enum(['good', 'mixed', 'bad', 'unknown']).default('unknown').meta({ title: 'How it went' }),
  /** When the outcome should be known. */
  due: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'not a day (YYYY-MM-DD)')
    .nullable()
    .default(null)
    .meta({ title: 'Outcome due' }),
  /** An earlier decision this one rests on. */
  after: memoryId.nullable().default(null).meta({ hidden: true }),
})
export type DecisionContent = z.infer<typeof decisionContent>
