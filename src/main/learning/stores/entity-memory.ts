// People, organisations, projects, places and things: facts (what is so), events (what happened) and relationships (who
// is what to whom), each item tied to its entities at both ends.
import { z } from 'zod'
import { addOrChange, defineStore, renderLines } from '../define-store.ts'
import { namesPart } from '../extraction/mentions.ts'
import { ONE_AT_A_TIME, type RelationName } from '../extraction/relations.ts'
import type { ItemContent, Relation, StoredItem } from '../protocol.ts'
import { contentWords, fold } from '../words.ts'
import { findsOf, mentionsOf } from './entity-memory-finds.ts'
import { entityMemoryTools } from './entity-memory-tools.ts'
import { memoryLabels } from './user-memory.ts'

export const entityContent = z.strictObject({
  /** `note`: in third person; `own`: the person's sentence as they said it. */
  voice: z.enum(['note', 'own']).default('own').meta({ hidden: true }),
  /** What kind of statement it is: fact, preference, plan, … */
  label: z.string().max(40).optional().meta({ hidden: true }),
  /** Of a relationship: what the subject is to the object. */
  relation: z.string().max(40).optional().meta({ title: 'Relation', readOnly: true }),
  role: z.string().max(80).optional().meta({ title: 'Role' }),
  /** A tie read out of a sentence that is kept as an item of its own. */
  derived: z.boolean().optional().meta({ hidden: true }),
})
export type EntityContent = z.infer<typeof entityContent>

export const entityMemory = defineStore<EntityContent>({
  id: 'entity_memory',
  title: 'People and things',
  schema: entityContent,
  tools: () => entityMemoryTools,
  learn: {
    labels: memoryLabels,
    part: namesPart,
    found: () => null,
    combined: findsOf,
    mentions: mentionsOf,
    relate,
    process: addOrChange,
  },
  render: (items, budget) =>
    renderLines(items, budget, ({ text, content }) => (content.voice === 'own' ? `The user said: "${text}"` : text)),
  fromHand: (text, before) => ({
    kind: before?.kind ?? 'fact',
    text,
    // A correction by hand may have changed who is meant: what was read out of the old words no longer holds.
    content: { voice: 'note', ...(before?.content.label ? { label: before.content.label } : {}) },
  }),
})

const TROUBLE =
  /\b(?:late|behind|delayed|blocked|stuck|at risk|over budget|short of|short on|understaffed|down|broken|failing|on hold|paused|stalled|in trouble|sick|ill|on leave|on holiday|on vacation|away|busy|unavailable)\b/iu
const SETTLED =
  /\b(?:fixed|resolved|solved|sorted|unblocked|back on track|on track|on time|caught up|back (?:at work|from|again)|recovered|up again|works again|finished|done|shipped|delivered|launched|completed|available again|resumed|staffed)\b/iu
/** One may hold several of these at a time when the person says so. */
const ALSO = /\b(?:also|too|as well|both|another|second|in addition|part[- ]time)\b/iu
const CHANGED =
  /\b(?:now|no longer|any ?more|instead|since|meanwhile|moved|switched|joined|left|took over|takes over|replaced|became|becomes|new|started|transferred|promoted)\b/iu

/** How a find stands to a known item, where both tell of the same two or the one ends the other. */
function relate(item: ItemContent<EntityContent>, known: StoredItem<EntityContent>): Relation | null {
  const { subjectId, objectId } = item
  if (!subjectId || !known.subjectId) return null
  const sameEnds = subjectId === known.subjectId && (objectId ?? null) === known.objectId
  if (item.endedIds?.length && known.kind === 'relationship' && subjectId === known.subjectId) {
    if (known.objectId !== null && item.endedIds.includes(known.objectId)) return 'replaces'
  }
  if (item.kind === 'relationship' && known.kind === 'relationship') {
    const { relation } = item.content
    if (relation !== known.content.relation) return sameEnds ? null : 'both'
    if (sameEnds) return saysMore(item.text, known.text) ? null : 'same'
    const alone = ONE_AT_A_TIME[relation as RelationName]
    const contests =
      (alone === 'from' && subjectId === known.subjectId) || (alone === 'to' && (objectId ?? null) === known.objectId)
    if (!contests || ALSO.test(item.text)) return 'both'
    // Two may lead one project: without a word of change that is asked.
    return alone === 'from' || CHANGED.test(item.text) ? 'replaces' : 'unsure'
  }
  // A tie and a sentence about it stand side by side: each says what the other does not.
  if (item.content.derived || known.content.derived) return 'both'
  const about = subjectId === known.subjectId || objectId === known.subjectId
  if (about && SETTLED.test(item.text) && TROUBLE.test(known.text) && !SETTLED.test(known.text)) return 'replaces'
  // What two statements are about is read from their words: "our office is in Delft" names a place and is about the office.
  return null
}

/** The find has words of content the known item has not. */
function saysMore(text: string, known: string): boolean {
  const words = new Set(contentWords(known))
  return contentWords(fold(text)).some((word) => !words.has(word))
}
