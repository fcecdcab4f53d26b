// What a person does all day, at random and without a pause: chat, write down, correct, approve, forget, take back, import, back
// up. Each act is acknowledged before the next begins.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { applyChanges } from '../src/main/learning/change/write.ts'
import type { LearningStore } from '../src/main/learning/protocol.ts'
import { userMemory } from '../src/main/learning/stores/user-memory.ts'
import { fileSays, jobBatch } from '../src/main/learning/testing.ts'
import { AppError } from '../src/shared/errors.ts'
import {
  type BatchId,
  type ConversationId,
  type ImportId,
  type MemoryId,
  type MessageId,
  newId,
  type ProposalId,
} from '../src/shared/ids.ts'
import type { MemoryView } from '../src/shared/memory.ts'
import { type Ack, IMPORTED, MANY } from './ledger.ts'
import type { Random } from './random.ts'

export interface Surroundings {
  core: Core
  random: Random
  /** A folder for what comes in and goes out. */
  files: string
  /** Says that something is done for good. */
  acknowledge(ack: Ack): void
}

type Act = (with_: Surroundings) => Promise<void>

interface Item extends Record<string, unknown> {
  id: MemoryId
  version: number
  text: string
}

const PLACES = ['cellar', 'barn', 'attic', 'garden', 'harbour', 'library', 'orchard', 'workshop', 'kitchen', 'tower']
const THINGS = [
  'walnut',
  'bicycle',
  'piano',
  'lantern',
  'telescope',
  'rowing boat',
  'beehive',
  'ladder',
  'anvil',
  'globe',
]

/** A sentence nobody said before. */
function sentence(random: Random): string {
  return `I keep the ${random.pick(THINGS)} of number ${random.below(1_000_000_000)} in the ${random.pick(PLACES)}.`
}

async function someItems(core: Core, random: Random, count: number, status = 'active'): Promise<Item[]> {
  const { rows } = await core.db.read.execute<Item>(sql`
    select id, version, text from memory where owner = ${OWNER} and status = ${status} and author = 'person'
    order by hashtext(id::text || ${String(random.below(1000))}) limit ${count}`)
  return rows
}

function said({ id, version, text, status }: MemoryView): Ack {
  return { what: 'item', id, version, text, status }
}

const write: Act = async ({ core, random, acknowledge }) => {
  const { memory, batchId } = await core.learning.add(OWNER, { store: 'user_memory', text: sentence(random) })
  acknowledge(said(memory))
  acknowledge({ what: 'batch', id: batchId, count: 1 })
}

const correct: Act = async ({ core, random, acknowledge }) => {
  const [item] = await someItems(core, random, 1)
  if (!item) return
  const { memory } = await core.learning.edit(OWNER, { id: item.id, version: item.version, text: sentence(random) })
  acknowledge(said(memory))
}

/** Many at once: marked, or let go, whichever they are not. */
const mark: Act = async ({ core, random, acknowledge }) => {
  const items = (
    await core.db.read.execute<{ id: MemoryId; pinned: boolean }>(sql`
      select id, pinned from memory where owner = ${OWNER} and status = 'active' and author = 'person' order by pinned, id`)
  ).rows
  const pinned = items.filter((item) => item.pinned)
  const others = items.filter((item) => !item.pinned)
  const many = pinned.length >= MANY && (others.length < MANY || random.chance(0.5)) ? pinned : others
  if (many.length < MANY) return
  const ids = many.slice(0, MANY).map(({ id }) => id)
  const { batchId, count } = await core.learning.changeMany(OWNER, ids, many === pinned ? 'unpin' : 'pin')
  acknowledge({ what: 'batch', id: batchId, count })
}

/** A message, and (mostly) its answer; learning goes on behind it. */
const talk: Act = async ({ core, random, acknowledge }) => {
  const [conversationId, messageId] = [newId<ConversationId>(), newId<MessageId>()]
  const text = sentence(random)
  const answer = await core.chat.send(OWNER, { conversationId, messageId, text })
  acknowledge({ what: 'message', id: messageId, text })
  if (random.chance(0.3)) return
  for await (const event of core.chat.watch(OWNER, conversationId, undefined)) {
    const messages = event.type === 'snapshot' ? event.messages : event.type === 'message' ? [event.message] : []
    const done = messages.find(({ id, status }) => id === answer && status !== 'pending')
    if (!done) continue
    if (done.status === 'complete') acknowledge({ what: 'answer', id: answer, text: done.text })
    return
  }
}

/** Something of a file that waits for a decision, and decisions on what waits. */
const decide: Act = async ({ core, random, acknowledge }) => {
  const text = sentence(random)
  const at = new Date()
  const item = { kind: 'fact', text, content: userMemory.fromHand(text, null, { at, timeZone: 'UTC' }).content }
  const store = userMemory as unknown as LearningStore<object>
  await core.db.write('soak.suggest', (tx) =>
    applyChanges(tx, jobBatch(OWNER, at), store as never, [{ action: 'add', item, evidence: fileSays(text, at) }]),
  )
  const { rows } = await core.db.read.execute<{ id: ProposalId }>(
    sql`select id from proposal where status = 'open' and action = 'add' order by hashtext(id::text) limit 3`,
  )
  const [one, two] = rows
  if (one) {
    const { memory } = await core.learning.proposals.accept(OWNER, one.id)
    acknowledge({ what: 'proposal', id: one.id, status: 'accepted' })
    if (memory) acknowledge(said(memory))
  }
  if (two) {
    await core.learning.proposals.declineAll(OWNER, [two.id])
    acknowledge({ what: 'proposal', id: two.id, status: 'declined' })
  }
}

const forget: Act = async ({ core, random, acknowledge }) => {
  const items = await someItems(core, random, 2)
  if (items.length < 2) return
  // Forgotten and killed before the answer, they are gone for good after the time to undo.
  for (const { id } of items) acknowledge({ what: 'trying', at: id })
  const { batchId } = await core.learning.forget(
    OWNER,
    items.map(({ id }) => id),
  )
  for (const { id, version, text } of items) {
    acknowledge({ what: 'item', id, version: version + 1, text, status: 'trashed' })
  }
  if (random.chance(0.5)) await takeBack(core, batchId, acknowledge)
}

async function takeBack(core: Core, batch: BatchId, acknowledge: Surroundings['acknowledge']): Promise<void> {
  await core.learning.undo(OWNER, batch)
  acknowledge({ what: 'undone', batch })
}

const undo: Act = async ({ core, random, acknowledge }) => {
  const { rows } = await core.db.read.execute<{ id: BatchId }>(sql`
    select batch_id as id from journal where actor = 'person' and undone_by is null and action in ('update', 'pin')
    order by seq desc limit 20`)
  if (rows.length > 0) await takeBack(core, random.pick(rows).id, acknowledge)
}

const read: Act = async ({ core, random, acknowledge }) => {
  const text = Array.from({ length: 1 + random.below(60) }, () => sentence(random)).join('\n')
  const { document } = await core.learning.documents.add(OWNER, { name: `Notes ${random.below(1_000_000)}`, text })
  acknowledge({ what: 'document', id: document.id, text })
}

const choose: Act = async ({ core, random, acknowledge }) => {
  const systemPrompt = `Answer in ${random.below(1_000_000)} words.`
  acknowledge({ what: 'trying', at: 'systemPrompt' })
  await core.settings.update({ systemPrompt })
  acknowledge({ what: 'setting', key: 'systemPrompt', value: systemPrompt })
}

const backUp: Act = async ({ core }) => {
  await core.backups.make()
}

const exportAll: Act = async ({ core, random, files }) => {
  const path = join(files, `archive-${random.below(1_000_000_000)}.zip`)
  const wish = { type: 'archive' as const, selection: { conversations: true } }
  const { id } = await core.exports.begin(OWNER, { wish, passphrase: null, path })
  const { state, error } = await core.exports.settled(OWNER, id)
  await core.exports.discard(OWNER, id)
  if (state !== 'ready') throw new Error(`the export is ${state}: ${error}`)
  rmSync(path)
}

/** Three chats of another assistant, as its export has them. */
const importChats: Act = async ({ core, random, files, acknowledge }) => {
  const word = `import-${random.below(1_000_000_000)}`
  const path = join(files, `${word}.json`)
  const perChat = IMPORTED / 3
  const chats = Array.from({ length: 3 }, (_, chat) => {
    const name = (index: number) => `${word}-${chat}-${index}`
    const nodes = Array.from({ length: perChat }, (__, index) => ({
      id: name(index),
      parent: index === 0 ? 'root' : name(index - 1),
      children: index + 1 < perChat ? [name(index + 1)] : [],
      message: {
        ...{ id: name(index), create_time: 1_714_550_400 + index, status: 'finished_successfully', weight: 1 },
        author: { role: index % 2 === 0 ? 'user' : 'assistant', name: null, metadata: {} },
        content: { content_type: 'text', parts: [`${word} ${sentence(random)}`] },
        ...{ metadata: {}, recipient: 'all' },
      },
    }))
    const root = { id: 'root', message: null, parent: null, children: [name(0)] }
    return {
      ...{
        title: `Chat ${chat}`,
        create_time: 1_714_550_400,
        update_time: 1_714_550_500,
        conversation_id: `${word}-${chat}`,
      },
      current_node: name(perChat - 1),
      mapping: { root, ...Object.fromEntries(nodes.map((node) => [node.id, node])) },
    }
  })
  writeFileSync(path, JSON.stringify(chats))
  const id = newId<ImportId>()
  await core.imports.begin(OWNER, { id, path, passphrase: null, mapping: null })
  const read = await core.imports.settled(OWNER, id)
  if (read.state !== 'ready') throw new Error(`the dry run is ${read.state}: ${read.error}`)
  await core.imports.publish(OWNER, id, { own: false, onConflict: 'skip', leaveOutRefused: true, learn: false })
  const done = await core.imports.settled(OWNER, id)
  if (done.state !== 'done') throw new Error(`the import is ${done.state}: ${done.error}`)
  acknowledge({ what: 'import', word, messages: IMPORTED })
  if (random.chance(0.3)) {
    acknowledge({ what: 'trying', at: word })
    await core.imports.undo(OWNER, id)
    acknowledge({ what: 'import', word, messages: 0 })
  }
  rmSync(path)
}

const scrub: Act = ({ core }) => core.db.scrub()

const look: Act = async ({ core, random }) => {
  await core.learning.search(OWNER, `the ${random.pick(THINGS)} in the ${random.pick(PLACES)}`, 10)
}

/** How often each comes, against the others. */
const ACTS: readonly { name: string; act: Act; weight: number }[] = [
  { name: 'write', act: write, weight: 8 },
  { name: 'correct', act: correct, weight: 5 },
  { name: 'mark', act: mark, weight: 3 },
  { name: 'talk', act: talk, weight: 6 },
  { name: 'decide', act: decide, weight: 4 },
  { name: 'forget', act: forget, weight: 2 },
  { name: 'undo', act: undo, weight: 3 },
  { name: 'read', act: read, weight: 2 },
  { name: 'choose', act: choose, weight: 2 },
  { name: 'look', act: look, weight: 3 },
  { name: 'import', act: importChats, weight: 2 },
  { name: 'export', act: exportAll, weight: 1 },
  { name: 'back up', act: backUp, weight: 0.5 },
  { name: 'scrub', act: scrub, weight: 0.5 },
]

/** What may be refused because of what else goes on: what was to be undone has a newer change, an item went meanwhile. */
const EXPECTED = new Set(['CONFLICT', 'NOT_FOUND', 'DISK_FULL', 'DATABASE_STOPPED'])

/**
 * Does one act at random.
 * @param begin is told its name before it begins
 * @throws what no act may fail with
 */
export async function actOnce(surroundings: Surroundings, begin: (name: string) => void): Promise<void> {
  const { random } = surroundings
  let rest = random.next() * ACTS.reduce((sum, { weight }) => sum + weight, 0)
  const chosen = ACTS.find(({ weight }) => {
    rest -= weight
    return rest < 0
  })
  if (!chosen) return
  begin(chosen.name)
  try {
    await chosen.act(surroundings)
  } catch (error) {
    if (!(error instanceof AppError) || !EXPECTED.has(error.code)) throw error
  }
}
