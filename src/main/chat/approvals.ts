// What a person decided about calls of tools: of one call, and for all calls of a tool in a chat. Rows alone hold it, and
// nothing but a person's act reaches the code that writes them.
import { and, eq } from 'drizzle-orm'
import type { CallDecision, ConversationView, StoredCall } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../database/database.ts'
import { conversation, message } from '../database/schema.ts'
import { fitsSchema } from '../engine/schema.ts'
import type { LearningTools, OpenTool } from '../learning/tools/tools.ts'
import { type ConversationRow, readConversation, viewConversation } from './conversations.ts'
import { readAnswer } from './tree.ts'

export type StoredToolRule = ConversationRow['toolRules'][number]

export interface CallToDecide {
  conversationId: ConversationId
  /** The answer. */
  messageId: MessageId
  /** Place of the call among those of the answer. */
  call: number
  decision: CallDecision
  /** In the place of those it was asked with. */
  arguments?: Record<string, unknown> | undefined
}

export interface DecidedCall {
  questionId: MessageId
  answerId: MessageId
  /** Where the decision holds for more than this call. */
  conversation: ConversationView | null
}

const NOT_DONE = 'Not done: it was declined.'
const NOBODY = 'Not done: nobody approved it.'
const READS_ONLY = 'Not done: this chat only reads now.'
/** Of a call that was under way when the app or the answer ended. */
export const UNKNOWN_END = 'It was under way when this was stopped. Whether it was done is not known.'

export async function readToolRules(db: ReadHandle, owner: string, id: ConversationId): Promise<StoredToolRule[]> {
  return (await readConversation(db, owner, id)).toolRules
}

/** What a rule says of a tool as it is now: an approval ends with the definition it was given for, a refusal does not. */
export function ruleFor(rules: readonly StoredToolRule[], tool: OpenTool): 'always' | 'never' | 'changed' | null {
  const found = rules.find((rule) => rule.tool === tool.name)
  if (!found || !tool.approval) return null
  if (found.rule === 'never') return 'never'
  return found.definition === tool.approval.definition && !tool.approval.each ? 'always' : 'changed'
}

/** @returns the conversation where there was such a rule, else null */
export async function removeToolRule(
  tx: WriteHandle,
  owner: string,
  id: ConversationId,
  tool: string,
): Promise<ConversationView | null> {
  const row = await readConversation(tx, owner, id)
  if (!row.toolRules.some((rule) => rule.tool === tool)) return null
  return writeRules(tx, row, without(row.toolRules, tool))
}

/**
 * Notes the decision; whoever asked runs the turn.
 * @throws AppError CONFLICT when it was decided before or the chat went on without it, INVALID_INPUT for arguments the tool
 *   does not take, NOT_ALLOWED for "always" where each call is asked about
 */
export async function decideCall(
  tx: WriteHandle,
  owner: string,
  input: CallToDecide,
  tools: Pick<LearningTools, 'open'>,
): Promise<DecidedCall> {
  const { conversationId, decision } = input
  const answer = await readAnswer(tx, owner, input)
  const calls = answer.calls ?? []
  const call = calls[input.call]
  if (answer.status !== 'pending' || call?.status !== 'waiting' || !call.approval) {
    throw new AppError('CONFLICT', 'This was decided before, or the chat went on without it.')
  }
  const { definition, each } = call.approval
  const decided = decision === 'once' || decision === 'always' ? approve(call, input, tools) : decline(call)
  if (decision === 'always' && each) {
    throw new AppError('NOT_ALLOWED', 'Every call of this tool is asked about. Approve this one.', {
      field: 'decision',
    })
  }
  await tx
    .update(message)
    .set({ calls: calls.with(input.call, decided) })
    .where(eq(message.id, answer.id))
  const ids = { questionId: answer.parentId, answerId: answer.id }
  if (decision !== 'always' && decision !== 'never') return { ...ids, conversation: null }
  const row = await readConversation(tx, owner, conversationId)
  const rules = [...without(row.toolRules, call.tool), { tool: call.tool, rule: decision, definition }]
  return { ...ids, conversation: await writeRules(tx, row, rules) }
}

/**
 * Calls of tools as a turn finds them that goes on: one nobody decided on is declined, one that was approved is carried
 * out only where the chat still has tools.
 */
export function settleApproval(call: StoredCall, mayCall: boolean): StoredCall {
  if (!call.approval) return call
  if (call.status === 'waiting') return { ...call, status: 'declined', result: NOBODY }
  if (call.status === 'approved' && !mayCall) return { ...call, status: 'refused', result: READS_ONLY }
  return call
}

/** Calls of an answer whose process ended: what was under way has no known end. */
export function endCalls(calls: readonly StoredCall[]): StoredCall[] {
  return calls.map((call) => (call.status === 'approved' ? { ...call, status: 'failed', result: UNKNOWN_END } : call))
}

function approve(
  call: StoredCall,
  { arguments: changed }: CallToDecide,
  tools: Pick<LearningTools, 'open'>,
): StoredCall {
  const args = changed ?? call.arguments
  const [tool] = tools.open([call.tool])
  // One that is gone is refused when it would be run.
  if (tool && !fitsSchema(args, tool.params)) {
    throw new AppError('INVALID_INPUT', 'The tool does not take this. Look at each value again.', {
      field: 'arguments',
    })
  }
  return { ...call, arguments: args, status: 'approved' }
}

function decline(call: StoredCall): StoredCall {
  return { ...call, status: 'declined', result: NOT_DONE }
}

function without(rules: readonly StoredToolRule[], tool: string): StoredToolRule[] {
  return rules.filter((rule) => rule.tool !== tool)
}

async function writeRules(
  tx: WriteHandle,
  row: ConversationRow,
  toolRules: StoredToolRule[],
): Promise<ConversationView> {
  await tx
    .update(conversation)
    .set({ toolRules })
    .where(and(eq(conversation.id, row.id), eq(conversation.owner, row.owner)))
  return viewConversation({ ...row, toolRules })
}
