// What must hold after every turn, whatever the model said: what is known names its words, the used line is the prompt, chips
// tell of every change, nothing else was written, and learning ended.
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Core } from '../src/main/app/core.ts'
import { conversation, evidence, journal, memory, message } from '../src/main/database/schema.ts'
import type { MessageView } from '../src/shared/chat.ts'
import type { MemoryId } from '../src/shared/ids.ts'
import type { Check } from './story.ts'

/** The store of a conversation's own notes. */
const NOTES = 'session_context'

/** Items of a person before a turn, by id. */
export type State = ReadonlyMap<MemoryId, { version: number; status: string }>

export async function rememberState(core: Core, owner: string): Promise<State> {
  const rows = await core.db.read
    .select({ id: memory.id, version: memory.version, status: memory.status })
    .from(memory)
    .where(eq(memory.owner, owner))
  return new Map(rows.map(({ id, ...rest }) => [id, rest]))
}

export interface TurnToCheck {
  place: string
  question: MessageView
  answer: MessageView
  mode: 'normal' | 'read_only'
  before: State
}

export async function checkTurn(core: Core, owner: string, turn: TurnToCheck): Promise<Check[]> {
  const { place, question, mode, before } = turn
  const after = await rememberState(core, owner)
  const changed = [...after].filter(
    ([id, { version, status }]) => before.get(id)?.version !== version || before.get(id)?.status !== status,
  )
  const active = changed.flatMap(([id, { status }]) => (status === 'active' ? id : []))
  const check = (phrase: string, ok: boolean): Check => ({ place, phrase, wanted: true, ok })
  const checks = [
    check('every new item quotes words that stand in its message', await quotesStand(core, active)),
    check('the used line is what the prompt held', await usedIsPrompt(core, owner, turn)),
    check(
      'chips and calls tell of every change',
      await allTold(
        core,
        turn,
        changed.map(([id]) => id),
      ),
    ),
    check('no store that is off has changed', await noneOff(core, owner, before, after)),
    check('learning ended', mode === 'read_only' || question.learning === 'done' || question.learning === 'off'),
  ]
  if (mode === 'read_only') checks.push(check('a chat that only reads changes nothing', changed.length === 0))
  return checks
}

/** In the message itself, or where the assistant is quoted in what it answered. */
async function quotesStand(core: Core, ids: readonly MemoryId[]): Promise<boolean> {
  if (ids.length === 0) return true
  const answer = alias(message, 'answer')
  const rows = await core.db.read
    .select({
      memoryId: evidence.memoryId,
      quote: evidence.quote,
      origin: evidence.origin,
      messageId: evidence.messageId,
      text: message.text,
      answer: answer.text,
    })
    .from(evidence)
    .leftJoin(message, eq(message.id, evidence.messageId))
    .leftJoin(answer, eq(answer.parentId, evidence.messageId))
    .where(inArray(evidence.memoryId, [...ids]))
  const sourced = new Set(rows.map(({ memoryId }) => memoryId))
  return (
    ids.every((id) => sourced.has(id)) &&
    rows.every((row) => !row.messageId || (row.origin === 'assistant' ? row.answer : row.text)?.includes(row.quote))
  )
}

/** Every memory and passage in the blocks of the prompt is on the used line, and nothing else is. */
async function usedIsPrompt(core: Core, owner: string, { answer, question }: TurnToCheck): Promise<boolean> {
  const [row] = await core.db.read
    .select({ conversationId: message.conversationId })
    .from(message)
    .where(and(eq(message.id, question.id), eq(message.owner, owner)))
  if (!row) return false
  const here = eq(message.conversationId, row.conversationId)
  const blocks = [
    ...(await core.db.read.select({ block: message.recalledBlock }).from(message).where(here)),
    ...(await core.db.read
      .select({ block: conversation.coreBlock })
      .from(conversation)
      .where(eq(conversation.id, row.conversationId))),
  ]
  const held = new Set(
    blocks.flatMap(({ block }) => block?.items.map(({ memoryId, passageId }) => memoryId ?? passageId) ?? []),
  )
  const used = new Set(answer.used.map((item) => (item.kind === 'memory' ? item.memoryId : item.passageId)))
  return held.size === used.size && [...held].every((id) => used.has(id ?? null))
}

/**
 * What changed is told by the chips of the message, by the calls of the answer, or waits as a suggestion. The notes of the
 * conversation itself are no news: they say what was just said, and nobody else sees them.
 */
async function allTold(core: Core, { question, answer }: TurnToCheck, changed: readonly MemoryId[]): Promise<boolean> {
  if (changed.length === 0) return true
  const told = new Set<string>([
    ...question.learned.flatMap(({ memoryId }) => memoryId),
    ...answer.calls.flatMap(({ memories }) => memories),
  ])
  const rows = await core.db.read
    .select()
    .from(memory)
    .where(inArray(memory.id, [...changed]))
  const journalled = await core.db.read
    .select({ id: journal.memoryId })
    .from(journal)
    .where(and(inArray(journal.memoryId, [...changed]), isNull(journal.undoneBy)))
  const inJournal = new Set(journalled.map(({ id }) => id))
  return rows.every(({ id, store, status, supersededBy }) => {
    if (status === 'proposed' || store === NOTES) return true
    return inJournal.has(id) && (told.has(id) || (supersededBy !== null && told.has(supersededBy)))
  })
}

async function noneOff(core: Core, owner: string, before: State, after: State): Promise<boolean> {
  const fresh = [...after.keys()].filter((id) => !before.has(id))
  if (fresh.length === 0) return true
  const state = await core.learning.state(owner)
  const off = new Set(state.stores.flatMap(({ id, mode }) => (mode === 'off' || !state.enabled ? id : [])))
  const rows = await core.db.read.select({ store: memory.store }).from(memory).where(inArray(memory.id, fresh))
  return rows.every(({ store }) => !off.has(store))
}
