// What a turn reads before the model does: as much of the conversation as it could read, what is recalled for it, the files,
// the person's wishes; and the record of it, so that the prompt keeps its bytes and the answer can say what shaped it.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { StoredCall } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import { withoutMarks } from '../../shared/forgotten.ts'
import type { MessageId } from '../../shared/ids.ts'
import { conversation, memory, message, usage } from '../database/schema.ts'
import type { PromptMessage } from '../engine/engine.ts'
import type { TurnContext } from '../learning/learning.ts'
import { type ConversationRow, readConversation } from './conversations.ts'
import { type MessageRow, readRecent } from './messages.ts'
import type { ChatPorts } from './ports.ts'
import { wishesFor } from './projects.ts'
import { ASSUMED_CONTEXT, buildPrompt, recallBudget } from './prompt.ts'
import type { TurnIds } from './turn-ids.ts'

/** Bytes a token stands for at most, so that what is read of a long conversation always fills the context. */
const BYTES_PER_TOKEN = 8
/** What is read begins at every so-many-th message: moved by each turn, the prefix cache would hold nothing. */
const READ_STEP = 32

export interface Prepared {
  context: TurnContext
  row: ConversationRow
  question: MessageRow
  /** The prompt, with what the calls of this turn came to. */
  prompt(calls: readonly StoredCall[]): PromptMessage[]
  /** Messages before those that were read. */
  notRead: number
}

/**
 * Recalls, and records what will stand in the prompt before the model reads it.
 * @throws AppError NOT_FOUND when the message to answer is gone
 */
export async function prepare(ports: ChatPorts, ids: TurnIds): Promise<Prepared> {
  const { db, clock } = ports
  const row = await readConversation(db.read, ids.owner, ids.conversationId)
  const { branch, notRead } = await readForPrompt(ports, ids)
  const question = branch.at(-1)
  if (!question) throw new AppError('NOT_FOUND', 'The message to answer does not exist any more.')
  const before = branch.slice(0, -1)
  const questions = (ids.goesOn ? branch : before).filter((message) => message.role === 'user')
  const context = await recallFor(ports, ids, row, question, before, questions)
  if (!ids.withoutMemories) await noteContext(ports, ids, row, question, questions, context)
  const files = await filesFor(ports, ids, before, question, context.used.length)
  const wishes = await wishesFor(db.read, row)
  const blockOf = new Map(questions.map((message, index) => [message.id, context.earlier[index] ?? null]))
  const callsOf = new Map(before.map((message) => [message.parentId, message.calls ?? []]))
  const prompt = (calls: readonly StoredCall[]): PromptMessage[] => {
    const turns = branch.flatMap((message: MessageRow) =>
      message.role === 'root'
        ? []
        : {
            role: message.role,
            text: message.text,
            files: files.get(message.id),
            recalled: blockOf.get(message.id) ?? (message.id === question.id ? context.recalled : null),
            calls: message.id === question.id ? calls : (callsOf.get(message.id) ?? []),
            at: message.createdAt,
          },
    )
    return buildPrompt(context.core, [ports.systemPrompt?.() ?? '', ...wishes], turns, clock.timeZone)
  }
  return { context, row, question, prompt, notRead }
}

/** As much of the conversation as the model could read, and how many messages before it are not even looked at. */
async function readForPrompt({ db, model }: ChatPorts, { owner, conversationId, questionId }: TurnIds) {
  const bytes = (model.contextSize ?? ASSUMED_CONTEXT) * BYTES_PER_TOKEN
  const read = await readRecent(db.read, owner, conversationId, questionId, bytes)
  if ((read[0]?.depth ?? 1) <= 1) return { branch: read, notRead: 0 }
  const start = read.findIndex(({ depth }) => depth % READ_STEP === 1)
  const branch = start > 0 ? read.slice(start) : read
  return { branch, notRead: (branch[0]?.depth ?? 1) - 1 }
}

const NOTHING: Omit<TurnContext, 'earlier'> = { core: null, recalled: null, used: [] }

async function recallFor(
  { learning, model, log }: ChatPorts,
  ids: TurnIds,
  row: ConversationRow,
  question: MessageRow,
  before: readonly MessageRow[],
  questions: readonly MessageRow[],
): Promise<TurnContext> {
  const nothing = { ...NOTHING, earlier: questions.map(() => null) }
  if (ids.withoutMemories) return nothing
  try {
    return await learning.buildContext({
      owner: ids.owner,
      conversationId: ids.conversationId,
      projectId: row.projectId,
      text: withoutMarks(question.text),
      recent: before
        .slice(-4)
        .flatMap((message) =>
          message.role === 'root' ? [] : { role: message.role, text: withoutMarks(message.text) },
        ),
      core: row.coreBlock,
      earlier: questions.map((message) => message.recalledBlock),
      budgetTokens: ids.goesOn ? 0 : recallBudget(model.contextSize, model.prefillSpeed),
    })
  } catch (error) {
    // An answer without memories is better than none, and the used line will say that none was used.
    log.error({ err: (error as Error).name, stack: (error as Error).stack }, 'recall failed')
    return nothing
  }
}

/** Keeps the blocks of the prompt byte for byte, and which items stand in it. */
async function noteContext(
  { db, clock }: ChatPorts,
  ids: TurnIds,
  row: ConversationRow,
  question: MessageRow,
  questions: readonly MessageRow[],
  context: TurnContext,
): Promise<void> {
  const usedIds = context.used.flatMap(({ memoryId }) => memoryId ?? [])
  await db.write('chat.context', async (tx) => {
    if (context.core !== row.coreBlock) {
      await tx.update(conversation).set({ coreBlock: context.core }).where(eq(conversation.id, row.id))
    }
    for (const [index, asked] of questions.entries()) {
      const block = context.earlier[index] ?? null
      if (block === asked.recalledBlock) continue
      await tx.update(message).set({ recalledBlock: block }).where(eq(message.id, asked.id))
    }
    // What an answer that goes on was begun with is known.
    if (ids.goesOn) return
    await tx.update(message).set({ recalledBlock: context.recalled }).where(eq(message.id, question.id))
    // Of a turn that goes on after it had to wait.
    await tx.delete(usage).where(eq(usage.messageId, ids.answerId))
    if (context.used.length === 0) return
    await tx
      .insert(usage)
      .values(context.used.map((item, rank) => ({ ...item, messageId: ids.answerId, owner: ids.owner, rank })))
    // A chat that only reads changes nothing of what it reads.
    if (row.mode !== 'normal') return
    await tx
      .update(memory)
      .set({ useCount: sql`${memory.useCount} + 1`, lastUsedAt: clock.now() })
      .where(and(eq(memory.owner, ids.owner), inArray(memory.id, usedIds)))
  })
}

/**
 * What stands in the prompt of files, by message, and the record of it.
 * @param rank of the first of them among what the answer used
 */
async function filesFor(
  { db, attachments }: ChatPorts,
  { owner, conversationId, answerId, goesOn = false }: TurnIds,
  before: readonly MessageRow[],
  question: MessageRow,
  rank: number,
): Promise<ReadonlyMap<MessageId, string>> {
  if (!attachments) return new Map()
  const asked = { id: question.id, text: withoutMarks(question.text) }
  const { blocks, used } = await attachments.context({
    ...{ owner, conversationId, before, question: asked },
    goesOn: goesOn ? answerId : null,
  })
  if (used.length > 0 && !goesOn) {
    await db.write('chat.files', (tx) =>
      tx.insert(usage).values(used.map((item, index) => ({ ...item, messageId: answerId, owner, rank: rank + index }))),
    )
  }
  return blocks
}
