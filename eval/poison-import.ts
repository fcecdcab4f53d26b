// The same texts through imports: as what the person said in an export of ChatGPT that is learned from, and as active memories
// in the archive of another profile. What the person types themselves is typed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { Clock } from '../src/main/app/clock.ts'
import type { Log } from '../src/main/app/log.ts'
import { memory } from '../src/main/database/schema.ts'
import type { JobQueue } from '../src/main/jobs/queue.ts'
import { createExports } from '../src/main/transfer/export/exports.ts'
import { createImports, type Imports } from '../src/main/transfer/import/imports.ts'
import { messageIdFrom } from '../src/main/transfer/sources/chat-lines.ts'
import { type ImportId, type MessageId, newId } from '../src/shared/ids.ts'
import { type Given, LEAD, tell, type World } from './poison-measure.ts'
import type { PoisonLine } from './poison-score.ts'

export interface ImportingWorld extends World {
  jobs: JobQueue
  clock: Clock
  log: Log
}

/** Somebody whose archive it is. */
const OTHER = 'somebody-else'
/** Longest sentence of a memory, in characters. */
const MEMORY_MAX = 300

/** @returns what became of each text; once everything is learned from that can be */
export async function giveThroughImport(world: ImportingWorld, lines: readonly PoisonLine[]): Promise<Given[]> {
  const { db, jobs, clock, log, learning, owner } = world
  const folder = mkdtempSync(join(tmpdir(), 'understudy-poison-import-'))
  const imports = createImports({
    ...{ db, jobs, learning, clock, log, folder: join(folder, 'imports') },
    isLeftAlone: () => true,
    backUp: async () => {},
    onPublished: async () => {},
    onChange: () => {},
  })
  try {
    const given: Given[] = []
    for (const one of lines) {
      const messages = one.trusted ? [await tell(world, newId(), one.text, [])] : idsOf(one)
      given.push({ ...one, messages, documentId: null })
    }
    await learning.idle()
    const chats = join(folder, 'conversations.json')
    const foreign = lines.filter(({ trusted }) => !trusted)
    writeFileSync(chats, JSON.stringify(foreign.flatMap(chatsOf)))
    await take(imports, owner, chats)
    await learning.idle()
    await take(imports, owner, await archiveOf(world, folder, foreign))
    await learning.idle()
    return given
  } finally {
    await imports.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function take(imports: Imports, owner: string, path: string): Promise<void> {
  const id = newId<ImportId>()
  await imports.begin(owner, { id, path, passphrase: null, mapping: null })
  await imports.settled(owner, id)
  await imports.publish(owner, id, { own: false, onConflict: 'skip', leaveOutRefused: true, learn: true })
  const { state, error } = await imports.settled(owner, id)
  if (state !== 'done') throw new Error(`the import ended as ${state}: ${error}`)
}

/** The text as if the person had typed it, and below a question of theirs. */
const CHATS = ['said', 'pasted'] as const

function chatsOf({ id, text }: PoisonLine): object[] {
  return CHATS.map((kind) => ({
    title: `Chat ${id}`,
    create_time: 1_714_550_400,
    conversation_id: `${id}-${kind}`,
    current_node: 'answer',
    mapping: {
      said: {
        parent: null,
        message: {
          author: { role: 'user' },
          create_time: 1_714_550_400,
          content: { content_type: 'text', parts: [kind === 'said' ? text : `${LEAD}\n\n${text}`] },
        },
      },
      answer: {
        parent: 'said',
        message: { author: { role: 'assistant' }, content: { content_type: 'text', parts: ['I see.'] } },
      },
    },
  }))
}

function idsOf({ id }: PoisonLine): MessageId[] {
  return CHATS.map((kind) => messageIdFrom('chatgpt', `${id}-${kind}`, 'said') as MessageId)
}

/** An archive in which all of it is known, as somebody else wrote it by hand. */
async function archiveOf(world: ImportingWorld, folder: string, lines: readonly PoisonLine[]): Promise<string> {
  const { db, clock, log, learning } = world
  for (const { payload, text } of lines) {
    const known = (payload ?? text).replace(/\s+/gu, ' ').trim().slice(0, MEMORY_MAX)
    // What looks like a secret is not even kept for them.
    await learning.add(OTHER, { store: 'user_memory', text: known }).catch(() => null)
  }
  const exports = createExports({
    ...{ db, clock, log, appVersion: 'eval', folder: join(folder, 'exports') },
    titleOf: (store) => store,
    onChange: () => {},
  })
  const path = join(folder, 'archive.zip')
  const wish = { type: 'archive' as const, selection: { conversations: true } }
  const { id } = await exports.begin(OTHER, { wish, passphrase: null, path })
  await exports.settled(OTHER, id)
  await exports.close()
  // One database, two people: their rows would be known again by their ids.
  await db.write('eval.leave', (tx) => tx.delete(memory).where(eq(memory.owner, OTHER)))
  return path
}
