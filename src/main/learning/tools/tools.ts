// The tools of the stores as the chat calls them. A tool only suggests: what it asks for is judged by the modes as they are
// at that moment, compared with what is known, and written in one transaction, like what is found in a turn.
import { createHash } from 'node:crypto'
import type { CallStatus } from '../../../shared/chat.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type MemoryId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import type { GrammarSchema } from '../../engine/engine.ts'
import type { Applied, Batch } from '../change/batch.ts'
import { planFind } from '../change/plan.ts'
import { applyChanges } from '../change/write.ts'
import { linkItem, mentionsOfHand, withMentions } from '../entities/link.ts'
import { askWhetherSame } from '../entities/resolve.ts'
import { hasSecret } from '../extraction/secrets.ts'
import { type Gate, MODES } from '../modes.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, Evidence, LearningStore, LearningTool, StoredItem, ToolOutcome, ToolTurn } from '../protocol.ts'
import { recall } from '../recall/recall.ts'
import { readMemories, storedItem } from '../rows.ts'
import { readViewer } from '../teams/teams.ts'
import { EMBED, embedTexts } from '../vectors.ts'
import { said } from './said.ts'

/** What the model reads of a tool. */
export interface OpenTool {
  name: string
  summary: string
  description: string
  params: GrammarSchema
  writes: boolean
  /** What a person's approval of its calls is bound to; null where none is needed. */
  approval: { definition: string; each: boolean } | null
  /** Whether a message can be about it at all. */
  fits(message: string): boolean
}

export interface ToolCallResult {
  status: CallStatus
  /** In words, for the model and the person. */
  text: string
  /** Takes back what was written; null when nothing was. */
  batchId: BatchId | null
  memories: MemoryId[]
  proposals: ProposalId[]
  /** The mode holds the turn until the person decides on the proposals. */
  pauses: boolean
  /** It was a tool of the host, which has no items: its arguments say what was done, and are kept with the call. */
  ofHost: boolean
}

export interface LearningTools {
  /** Names of the tools a conversation that starts now gets. */
  offered(): string[]
  /** Those of the names that may be called now, as the modes are. */
  open(names: readonly string[]): OpenTool[]
  /**
   * Never throws: what went wrong is said to the model and the person, and then nothing was written.
   * @param approved the definition a person approved; a tool that needs it, and is not that one, is not run
   */
  run(
    turn: ToolTurn,
    name: string,
    args: unknown,
    signal: AbortSignal,
    approved?: string | null,
  ): Promise<ToolCallResult>
}

/** A tool that takes longer has hung: the answer goes on without it. */
const LONGEST_RUN_MS = 10_000
/** How near in meaning a hit without a shared word must be, as in the person's own search. */
const NEAR = 0.3

/** A store whose answer cannot be had leaves its tool on offer. */
function fits(tool: LearningTool, message: string): boolean {
  try {
    return tool.fits?.(message) !== false
  } catch {
    return true
  }
}

/**
 * @param tell called with what a call changed, once it is durable
 * @throws Error when two tools have one name
 */
export function createTools(
  ports: LearningPorts,
  stores: Iterable<LearningStore>,
  gate: Gate,
  tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>,
): LearningTools {
  const tools = new Map<string, RegisteredTool>()
  const register = (tool: LearningTool, store: LearningStore | null) => {
    if (tools.has(tool.name)) throw new Error(`Two tools have the name "${tool.name}".`)
    if (!store && tool.writes) throw new Error(`The tool "${tool.name}" belongs to no store and has nothing to write.`)
    // What a store's tool asks for is a change of memory: the modes say who decides on it, and nothing allows it for good.
    if (store && tool.approval)
      throw new Error(`The tool "${tool.name}" belongs to a store: its mode says who decides.`)
    tools.set(tool.name, { store, tool, approval: approvalOf(tool) })
  }
  for (const store of stores) for (const tool of store.tools()) register(tool, store)
  for (const tool of ports.tools ?? []) register(tool, null)

  const isOpen = ({ store, tool }: RegisteredTool): boolean => {
    if (!store) return true
    const rules = MODES[gate.modeOf(store.id)].tools
    if (rules === 'none') return false
    if (tool.writes) return rules !== 'policy' && !gate.isReadOnly(store.id)
    return rules !== 'policy' || store.policy.readingTools === true
  }

  const call = async (
    turn: ToolTurn,
    name: string,
    args: unknown,
    signal: AbortSignal,
    approved: string | null,
  ): Promise<ToolCallResult> => {
    const known = tools.get(name)
    if (!known || !isOpen(known)) {
      return { ...NOTHING, status: 'refused', text: 'This is switched off now. Nothing was changed.' }
    }
    if (known.approval && known.approval.definition !== approved) {
      const text = approved === null ? 'Not done: nobody approved it.' : 'Not done: the tool is not the one approved.'
      return { ...NOTHING, status: 'refused', text, ofHost: true }
    }
    const { store, tool } = known
    const access = {
      db: ports.db.read,
      turn,
      said: (statement: string) => said(turn, statement),
      search: async (text: string, limit: number) => (store ? searchStore(ports, turn, store, text, limit) : []),
    }
    const outcome = await inTime(tool.run(args, access), signal)
    const { finds = [], changes = [], reply, failed, memories = [], sameEntities } = outcome
    const ofHost = store === null
    if (failed !== undefined) return { ...NOTHING, status: 'failed', text: failed, ofHost }
    if (finds.length + changes.length === 0 && !sameEntities) {
      const status = tool.writes ? 'refused' : 'found'
      return { ...NOTHING, status, text: reply ?? 'Nothing was changed.', memories, ofHost }
    }
    // A tool that said it only reads may have been let in where nothing may be written.
    if (!tool.writes || !store) throw new Error(`The tool ${name} only reads, and asked for changes.`)
    return write(turn, store, outcome, signal)
  }

  const write = async (
    turn: ToolTurn,
    store: LearningStore,
    outcome: ToolOutcome,
    signal: AbortSignal,
  ): Promise<ToolCallResult> => {
    const { sameEntities } = outcome
    const most = store.policy.limits.changesPerTurn
    const finds = (outcome.finds ?? []).slice(0, most)
    const changes = (outcome.changes ?? []).slice(0, Math.max(0, most - finds.length))
    const texts = [...finds.map(({ item }) => item.text), ...changes.flatMap(textsOf)]
    if (texts.some(hasSecret)) {
      const text = 'Not saved: this looks like a password, a key or a card number. Such things are not kept.'
      return { ...NOTHING, status: 'refused', text }
    }
    const vectors = await embedTexts(ports, texts, { signal })
    const batch: Batch = {
      owner: turn.owner,
      id: newId<BatchId>(),
      actor: 'tool',
      author: 'tool',
      at: ports.clock.now(),
      extractor: ports.model.modelName,
      conversationId: turn.conversationId,
      messageId: turn.messageId,
      vectors,
      gate: { who: 'tool', gate },
    }
    signal.throwIfAborted()
    const { applied, questions } = await ports.db.write('tool.call', async (tx) => {
      const done: Applied[] = []
      for (const found of finds) {
        const named = withMentions(found, mentionsIn(turn, found.evidence))
        const item = await linkItem(tx, batch, store, named.item, named.evidence)
        const plan = await planFind(tx, turn.owner, null, { store, found: { ...named, item } }, vectors, gate.reading())
        done.push(...(await applyChanges(tx, batch, store, plan)))
      }
      done.push(...(await applyChanges(tx, batch, store, changes)))
      const asked = sameEntities ? await ask(tx, batch, sameEntities) : []
      if (texts.some((text) => !vectors.of(text))) {
        await ports.jobs.add(tx, { owner: turn.owner, kind: EMBED, key: batch.id })
      }
      return { applied: done, questions: asked }
    })
    const result = await describe(ports, turn.owner, batch.id, applied, questions)
    await tell(turn.owner, result.memories)
    return { ...result, ofHost: false, pauses: MODES[gate.modeOf(store.id)].pauses && result.proposals.length > 0 }
  }

  const ask = async (
    tx: WriteHandle,
    batch: Batch,
    pair: NonNullable<ToolOutcome['sameEntities']>,
  ): Promise<ProposalId[]> => {
    const id = await askWhetherSame(tx, batch, pair)
    return id ? [id] : []
  }

  return {
    offered: () => [...tools.values()].filter(isOpen).map(({ tool }) => tool.name),
    open: (names) =>
      names.flatMap((name) => {
        const known = tools.get(name)
        if (!known || !isOpen(known)) return []
        const { tool, approval } = known
        const { summary, description, params, writes } = tool
        return [{ name, summary, description, params, writes, approval, fits: (message) => fits(tool, message) }]
      }),
    async run(turn, name, args, signal, approved = null) {
      try {
        return await call(turn, name, args, signal, approved)
      } catch (error) {
        const refused = error instanceof AppError && REFUSALS.has(error.code)
        if (refused) return { ...NOTHING, status: 'refused', text: error.message }
        ports.log.warn({ tool: name, code: (error as AppError).code ?? (error as Error).name }, 'a tool call failed')
        const why = error instanceof AppError ? ` ${error.message}` : ''
        const what = tools.get(name)?.tool.writes === false ? 'It did not work.' : 'Not saved: it did not work.'
        return { ...NOTHING, status: 'failed', text: what + why }
      }
    },
  }
}

/** What was asked cannot be done; anything else that goes wrong is a failure of ours. */
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_INPUT', 'CONFLICT', 'NOT_FOUND', 'NOT_ALLOWED'])

const NOTHING: Omit<ToolCallResult, 'status' | 'text'> = {
  batchId: null,
  memories: [],
  proposals: [],
  pauses: false,
  ofHost: false,
}

/** Without a store: a tool of the host, which no mode of learning opens or closes. */
interface RegisteredTool {
  store: LearningStore | null
  tool: LearningTool
  approval: OpenTool['approval']
}

/** The definition is all a person can know of what they approve: a tool that says anything else is another one. */
function approvalOf({ name, summary, description, params, approval }: LearningTool): OpenTool['approval'] {
  if (!approval) return null
  const said = JSON.stringify([name, summary, description, params, approval])
  return { definition: createHash('sha256').update(said).digest('hex'), each: approval === 'each' }
}

async function searchStore(
  ports: LearningPorts,
  turn: ToolTurn,
  store: LearningStore,
  text: string,
  limit: number,
): Promise<StoredItem[]> {
  const { db, embedder, log, clock } = ports
  const viewer = await readViewer(db.read, turn.owner, { conversationId: turn.conversationId })
  const { hits } = await recall(
    { read: db.read, embedder, log, clock },
    { viewer, text, recent: [], stores: [store.id], limit: limit * 2, floor: false, passages: false },
  )
  return hits
    .flatMap((hit) => {
      const isFind = hit.reason.words.length > 0 || (hit.reason.similarity ?? 0) >= NEAR
      return hit.kind === 'memory' && isFind ? [storedItem(hit.row)] : []
    })
    .slice(0, limit)
}

/** Names in the person's own sentences that a find rests on, with the places they have in the message. */
function mentionsIn(turn: ToolTurn, evidence: readonly Evidence[]) {
  return evidence.flatMap(({ quote, start = 0, origin }) =>
    origin === 'user'
      ? mentionsOfHand(turn.userText.slice(start, start + quote.length)).map((mention) => ({
          ...mention,
          start: mention.start + start,
          end: mention.end + start,
        }))
      : [],
  )
}

function textsOf(change: Change): string[] {
  switch (change.action) {
    case 'add':
    case 'update':
      return [change.item.text]
    case 'supersede':
      return [change.by.text]
    case 'merge':
      return [change.into.text]
    default:
      return []
  }
}

async function describe(
  ports: LearningPorts,
  owner: string,
  batchId: BatchId,
  applied: readonly Applied[],
  questions: readonly ProposalId[],
): Promise<Omit<ToolCallResult, 'pauses' | 'ofHost'>> {
  const ids = [...new Set(applied.map(({ memoryId }) => memoryId))]
  const rows = await readMemories(ports.db.read, owner, ids)
  const lines = applied.map(({ action, outcome, memoryId }) => {
    const text = `"${rows.get(memoryId)?.text ?? ''}"`
    if (outcome === 'proposed') return `Suggested, not saved until it is approved: ${text}`
    if (action === 'confirm') return `Known already: ${text}`
    return action === 'retire' ? `No longer used: ${text}` : `Remembered: ${text}`
  })
  if (questions.length > 0) lines.push('Suggested: whether the two are one waits for a decision.')
  const proposals = [...new Set([...applied.flatMap(({ proposalId }) => proposalId ?? []), ...questions])]
  const written = applied.some(({ outcome, action }) => outcome === 'written' && action !== 'confirm')
  const status: CallStatus = written
    ? 'done'
    : proposals.length > 0
      ? 'proposed'
      : applied.length > 0
        ? 'found'
        : 'refused'
  return {
    status,
    text: lines.length > 0 ? lines.join('\n') : 'Nothing was changed.',
    batchId: written ? batchId : null,
    memories: ids,
    proposals,
  }
}

/** Ends a tool that hangs: what it does later is not waited for, and it cannot write. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_RUN_MS)])
  limit.throwIfAborted()
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(limit.reason)
    limit.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => limit.removeEventListener('abort', stop))
  })
}
