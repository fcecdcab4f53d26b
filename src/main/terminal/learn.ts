// `npm run learn -- …`: what was learned, in a terminal and for scripts. The same procedures as the window's.
import { AppError } from '../../shared/errors.ts'
import type { BatchId, MemoryId, ProposalId } from '../../shared/ids.ts'
import { storeId, storeMode } from '../../shared/memory.ts'
import { type Answer, type Command, type CommandSet, day, oneLine, runCommand, type Terminal } from './command.ts'
import type { Client } from './connect.ts'

const USAGE = `npm run learn -- list [WORDS]                    what is known; with words, what matches them
npm run learn -- why ID                          an item: its sources, history and why it is known
npm run learn -- forget ID [--only-learned]      forget it everywhere, or only what was learned
npm run learn -- inbox                           what waits for a decision
npm run learn -- decide ID approve|decline       decide it
npm run learn -- mode STORE MODE                 how a store learns: off, always, agentic, propose or ask
npm run learn -- curate [--dry-run]              what could be tidied; without --dry-run it is done
npm run learn -- undo BATCH                      take back one act

  --profile DIR   the profile; without it the one the app opens
  --json          answers as JSON, for programs
  --limit N       most lines of a list (200)`

type Options = { 'only-learned'?: boolean; 'dry-run'?: boolean; limit?: string }
type Run = (client: Client, given: readonly string[], options: Options) => Promise<Answer>

const of = (least: number, most: number, run: Run): Command => ({
  least,
  most,
  run: async ({ client, given, options }) => run(await client(), given, options as Options),
})

const LEARN: CommandSet = {
  usage: USAGE,
  options: { 'only-learned': { type: 'boolean' }, 'dry-run': { type: 'boolean' }, limit: { type: 'string' } },
  commands: {
    list: of(0, 20, list),
    why: of(1, 1, why),
    forget: of(1, 1, forget),
    inbox: of(0, 0, inbox),
    decide: of(2, 2, decide),
    mode: of(2, 2, mode),
    curate: of(0, 0, curate),
    undo: of(1, 1, undo),
  },
}

/** Exit codes: 0 done, 1 could not be done, 2 not understood. */
export function runLearnCommand(args: string[], terminal: Terminal): Promise<number> {
  return runCommand(LEARN, args, terminal)
}

async function list(client: Client, words: readonly string[], options: Options): Promise<Answer> {
  const limit = options.limit === undefined ? 200 : Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw new AppError('INVALID_INPUT', 'A list has 1 to 200 lines (--limit N).', { field: 'limit' })
  }
  const page = await client.memory.list({ query: words.join(' '), limit })
  const lines = page.items.map(({ id, store, text }) => `${id}  ${store.padEnd(16)}  ${oneLine(text)}`)
  const more = page.total > page.items.length ? `\n${page.total - page.items.length} more` : ''
  return { value: { items: page.items, total: page.total }, text: lines.join('\n') + more || 'Nothing is known yet.' }
}

async function why(client: Client, [id = '']: readonly string[]): Promise<Answer> {
  const item = await client.memory.get({ id: id as MemoryId })
  const sources = item.evidence.map(({ quote, at, origin }) => `  ${day(at)}, ${origin}: "${oneLine(quote)}"`)
  const history = item.history.map(
    ({ at, action, actor, batchId }) => `  ${day(at)}, ${action} by ${actor} (${batchId})`,
  )
  const parts = [item.memory.text, 'From:', ...sources, 'History:', ...history]
  return { value: item, text: parts.join('\n') }
}

async function forget(client: Client, [id = '']: readonly string[], options: Options): Promise<Answer> {
  const mode = options['only-learned'] ? 'learned' : 'everywhere'
  const done = await client.memory.forget({ ids: [id as MemoryId], mode })
  const text = `Forgotten: ${done.count} items, ${done.sentences} sentences. Until ${done.finalAt.toISOString()}: undo ${done.batchId}`
  return { value: done, text }
}

async function inbox(client: Client): Promise<Answer> {
  const page = await client.proposals.list({ limit: 200 })
  const lines = page.items.map(
    (item) => `${item.id}  ${item.store.padEnd(16)}  ${item.action}: ${oneLine(item.after ?? item.before ?? '')}`,
  )
  return { value: { items: page.items, total: page.total }, text: lines.join('\n') || 'Nothing waits.' }
}

async function decide(client: Client, [id = '', decision = '']: readonly string[]): Promise<Answer> {
  if (decision !== 'approve' && decision !== 'decline') {
    throw new AppError('INVALID_INPUT', `"${decision}" is no decision. Possible: approve, decline.`, {
      field: 'decision',
    })
  }
  const of = { id: id as ProposalId }
  const done = await (decision === 'approve' ? client.proposals.accept(of) : client.proposals.decline(of))
  return {
    value: done,
    text: `${decision === 'approve' ? 'Approved' : 'Declined'}. To take it back: undo ${done.batchId}`,
  }
}

async function mode(client: Client, [store = '', wanted = '']: readonly string[]): Promise<Answer> {
  const parsed = storeMode.safeParse(wanted)
  if (!parsed.success) {
    throw new AppError('INVALID_INPUT', `"${wanted}" is no mode. Possible: ${storeMode.options.join(', ')}.`, {
      field: 'mode',
    })
  }
  const id = storeId.safeParse(store)
  if (!id.success) throw new AppError('INVALID_INPUT', `"${store}" is no store.`, { field: 'store' })
  const state = await client.learning.setMode({ store: id.data, mode: parsed.data })
  return { value: state, text: state.stores.map((one) => `${one.id.padEnd(20)}  ${one.mode}`).join('\n') }
}

/** Touches nothing that the person wrote or pinned: that is for the inbox and the window. */
async function curate(client: Client, _: readonly string[], options: Options): Promise<Answer> {
  const plan = await client.curation.plan({})
  const lines = plan.groups.flatMap(({ kind, store, items, after, protected: kept }) => [
    `${kind} in ${store}${kept ? ' (written or pinned by you: left alone)' : ''}`,
    ...items.map(({ id, text }) => `  ${id}  ${oneLine(text)}`),
    after === null ? '  -> put away' : `  -> ${oneLine(after)}`,
  ])
  if (options['dry-run']) return { value: plan, text: lines.join('\n') || 'Nothing to tidy.' }
  const keys = plan.groups.filter((group) => !group.protected).map(({ key }) => key)
  if (keys.length === 0) return { value: { applied: 0, skipped: [] }, text: 'Nothing to tidy.' }
  const done = await client.curation.apply({ keys })
  const text = `${lines.join('\n')}\nDone: ${done.applied}. To take all of it back: undo ${done.batchId}`
  return { value: done, text }
}

async function undo(client: Client, [batch = '']: readonly string[]): Promise<Answer> {
  const done = await client.memory.undo({ batchId: batch as BatchId })
  return { value: done, text: `Taken back: ${done.count}. To do it again: undo ${done.batchId}` }
}
