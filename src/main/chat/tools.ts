// Tools in a turn. Which one is needed, or none, is a quick decision under a grammar after the conversation; a second step
// forces the arguments of the one that was chosen. Both come after what the engine has read, so that its prefix cache
// holds, and neither happens in a chat that started without tools or while none of them may be used.
import type { StoredCall, TurnPhase } from '../../shared/chat.ts'
import type { GrammarSchema, LanguageModel, PromptMessage } from '../engine/engine.ts'
import { fitsSchema } from '../engine/schema.ts'
import type { ToolTurn } from '../learning/protocol.ts'
import { tellsOrRequests } from '../learning/tools/tells.ts'
import type { LearningTools, OpenTool } from '../learning/tools/tools.ts'
import { ruleFor, type StoredToolRule, UNKNOWN_END } from './approvals.ts'
import { callNotes } from './prompt.ts'

/** Most calls for one message, and the time after which no other one begins. */
export const MOST_CALLS = 4
const LONGEST_MS = 60_000
const CHOICE_TOKENS = 24
const ARGUMENT_TOKENS = 320
const NONE = 'none'

export interface CallingTurn extends ToolTurn {
  /** The tools this conversation started with. */
  tools: readonly string[]
  /** The prompt without what the calls came to; it ends with the person's message. */
  messages: readonly PromptMessage[]
  /** Calls made before the turn had to wait. */
  made: readonly StoredCall[]
}

export interface CallingPorts {
  model: LanguageModel
  tools: LearningTools
  /** Whether somebody looks who could decide at once. */
  isWatched(): boolean
  onPhase(phase: TurnPhase): void
  /** Keeps the calls made so far. */
  onCall(calls: readonly StoredCall[]): Promise<void>
  /** What the person decided for all calls of a tool in this chat, as it is now. */
  rules(): Promise<readonly StoredToolRule[]>
  /** The person's "always" was for what the tool was before. */
  onChanged(tool: string): Promise<void>
}

/**
 * Calls what the message needs.
 * @returns every call of the turn in order; the last one `waiting` when the person is to decide before it goes on
 * @throws what the model throws; the signal's reason
 */
export async function callTools(ports: CallingPorts, turn: CallingTurn, signal: AbortSignal): Promise<StoredCall[]> {
  const calls = [...turn.made]
  const seen = new Set(calls.map(keyOf))
  const end = performance.now() + LONGEST_MS
  const tells = tellsOrRequests(turn.userText)
  for (const [place, call] of calls.entries()) {
    if (call.status === 'approved') await carryOut(ports, turn, calls, place, signal)
  }
  while (calls.length < MOST_CALLS && performance.now() < end) {
    const open = (await usable(ports, turn, calls)).filter(
      ({ writes, fits }) => (tells || !writes) && fits(turn.userText),
    )
    if (open.length === 0) break
    const tool = await choose(ports, turn, calls, open, signal)
    const args = tool ? await fillIn(ports, turn, calls, tool, signal) : null
    if (!tool || !args || seen.has(keyOf({ tool: tool.name, arguments: args }))) break
    seen.add(keyOf({ tool: tool.name, arguments: args }))
    if (tool.approval) {
      calls.push(await asked(ports, tool, tool.approval, args))
      await carryOut(ports, turn, calls, calls.length - 1, signal)
    } else {
      const made = await call(ports, turn, tool, args, signal)
      // Asked in other words and told the same again: there is no more to learn from it.
      const idle = made.batchId === null && made.proposals.length === 0
      if (idle && calls.some((one) => one.tool === made.tool && one.result === made.result)) break
      calls.push(made)
      await ports.onCall(calls)
    }
    if (calls.at(-1)?.status === 'waiting') break
  }
  return calls
}

/** Tools that may be called now; one the person declined for this message is not asked about again. */
async function usable(
  { tools, rules }: CallingPorts,
  turn: CallingTurn,
  calls: readonly StoredCall[],
): Promise<OpenTool[]> {
  const open = tools.open(turn.tools)
  if (!open.some(({ approval }) => approval)) return open
  const decided = await rules()
  const declined = new Set(calls.flatMap(({ status, tool }) => (status === 'declined' ? tool : [])))
  return open.filter((tool) => !tool.approval || (ruleFor(decided, tool) !== 'never' && !declined.has(tool.name)))
}

/** A call with no effect beyond what is learned: the modes judge it. */
async function call(
  ports: CallingPorts,
  turn: CallingTurn,
  { name }: OpenTool,
  args: Record<string, unknown>,
  signal: AbortSignal,
): Promise<StoredCall> {
  ports.onPhase({ phase: 'acting', tool: name })
  const result = await ports.tools.run(turn, name, args, signal)
  signal.throwIfAborted()
  return {
    tool: name,
    // What came to nothing is not kept in the model's words.
    arguments: result.ofHost || result.memories.length > 0 ? args : {},
    result: result.text,
    status: result.pauses && ports.isWatched() ? 'waiting' : result.status,
    batchId: result.batchId,
    memories: result.memories,
    proposals: result.proposals,
  }
}

/** A call the person approves first, or allowed for this chat: read at the last moment, as they may have thought again. */
async function asked(
  { rules, onChanged }: CallingPorts,
  tool: OpenTool,
  { definition, each }: NonNullable<OpenTool['approval']>,
  args: Record<string, unknown>,
): Promise<StoredCall> {
  const rule = ruleFor(await rules(), tool)
  if (rule === 'changed') await onChanged(tool.name)
  return {
    ...{ tool: tool.name, arguments: args, result: '', batchId: null, memories: [], proposals: [] },
    status: rule === 'always' ? 'approved' : 'waiting',
    approval: { definition, description: tool.description, each, changed: rule === 'changed' },
  }
}

/** Runs an approved call at most once: it is noted before, so that one whose process ends is not run again. */
async function carryOut(
  ports: CallingPorts,
  turn: CallingTurn,
  calls: StoredCall[],
  place: number,
  signal: AbortSignal,
): Promise<void> {
  await ports.onCall(calls)
  const approved = calls[place]
  if (approved?.status !== 'approved' || !approved.approval) return
  const { tool, arguments: args, approval } = approved
  ports.onPhase({ phase: 'acting', tool })
  const result = await ports.tools.run(turn, tool, args, signal, approval.definition)
  calls[place] = signal.aborted
    ? { ...approved, status: 'failed', result: UNKNOWN_END }
    : { ...approved, status: result.status, result: result.text, memories: result.memories }
  await ports.onCall(calls)
  signal.throwIfAborted()
}

async function choose(
  { model, onPhase }: CallingPorts,
  { messages }: CallingTurn,
  calls: readonly StoredCall[],
  open: readonly OpenTool[],
  signal: AbortSignal,
): Promise<OpenTool | null> {
  const list = [`${NONE}: an answer is enough, as for most messages`]
  for (const { name, summary } of open) list.push(`${name}: ${summary}`)
  const note = `[Which of these does the message above need before it is answered${calls.length > 0 ? ' now' : ''}?\n${list.join('\n')}]`
  const schema: GrammarSchema = {
    type: 'object',
    properties: { needed: { enum: [NONE, ...open.map(({ name }) => name)] } },
  }
  const value = await decide(model, withNote(messages, calls, note), schema, CHOICE_TOKENS, signal, onPhase)
  return open.find(({ name }) => name === value?.['needed']) ?? null
}

function fillIn(
  { model, onPhase }: CallingPorts,
  { messages }: CallingTurn,
  calls: readonly StoredCall[],
  { name, description, params }: OpenTool,
  signal: AbortSignal,
): Promise<Record<string, unknown> | null> {
  const note = `[The message above needs "${name}". ${description} Write its values as JSON, from the message.]`
  return decide(model, withNote(messages, calls, note), params, ARGUMENT_TOKENS, signal, onPhase)
}

/** After the person's words, like the notes of what was done. */
function withNote(messages: readonly PromptMessage[], calls: readonly StoredCall[], note: string): PromptMessage[] {
  const last = messages.at(-1)
  if (!last) return []
  const notes = calls.length > 0 ? [callNotes(calls), note] : [note]
  return [...messages.slice(0, -1), { ...last, text: [last.text, ...notes].join('\n\n') }]
}

/** @returns null when the model did not keep to the form */
async function decide(
  model: LanguageModel,
  messages: PromptMessage[],
  schema: GrammarSchema,
  maxTokens: number,
  signal: AbortSignal,
  onPhase: CallingPorts['onPhase'],
): Promise<Record<string, unknown> | null> {
  const result = await model.chat({
    messages,
    schema,
    maxTokens,
    temperature: 0,
    signal,
    onPhase: (phase) => {
      // What is written here is no answer yet.
      if (phase.phase === 'loading' || phase.phase === 'reading') onPhase(phase)
    },
    onText: () => {},
  })
  signal.throwIfAborted()
  if (result.stop !== 'end') return null
  try {
    const value: unknown = JSON.parse(result.text)
    return fitsSchema(value, schema) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function keyOf(call: Pick<StoredCall, 'tool' | 'arguments'>): string {
  return `${call.tool} ${JSON.stringify(call.arguments)}`
}
