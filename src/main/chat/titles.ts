// Titles of chats by the model, once, when it has nothing better to do: never in the place of a name the person gave, and
// without moving the chat in the list. Until then, and where the model says nothing of use, the first words stand.
import { and, eq, ne } from 'drizzle-orm'
import type { ConversationView } from '../../shared/chat.ts'
import { withoutMarks } from '../../shared/forgotten.ts'
import type { ConversationId } from '../../shared/ids.ts'
import { conversation } from '../database/schema.ts'
import { readConversation, viewConversation } from './conversations.ts'
import { readBranch } from './messages.ts'
import type { ChatPorts } from './ports.ts'

const TITLE = 'title'
const LONGEST = 60
const MOST_WORDS = 8
/** Characters of the question and of the answer that the model reads. */
const READ = { question: 700, answer: 300 }
/** Letters by which two forms of a word count as one. */
const STEM = 4

const INSTRUCTIONS =
  'Name this conversation in three to six words, in the language the person writes, by what it is about. No quotation marks, no full stop.'

/** Queues a title for a conversation; the second time is nothing. */
export async function queueTitle({ db, jobs }: ChatPorts, owner: string, id: ConversationId): Promise<void> {
  const { titleSource } = await readConversation(db.read, owner, id)
  if (!jobs || titleSource !== 'auto') return
  await db.write('chat.title', (tx) => jobs.add(tx, { owner, kind: TITLE, key: id }))
}

/** @param tell hears of a conversation that has a new title */
export function handleTitles({ db, jobs, model, log }: ChatPorts, tell: (view: ConversationView) => void): void {
  jobs?.handle(
    TITLE,
    async ({ owner, key }, finish, signal) => {
      const id = key as ConversationId
      const read = await readBeginning({ db }, owner, id)
      const title = read && (await askForTitle({ model, log }, read, signal))
      await finish('chat.title', async (tx) => {
        if (!title) return {}
        const mine = and(eq(conversation.id, id), eq(conversation.owner, owner), ne(conversation.titleSource, 'person'))
        await tx.update(conversation).set({ title, titleSource: 'model' }).where(mine)
        return {}
      })
      if (title) tell(viewConversation(await readConversation(db.read, owner, id)))
    },
    { maxAttempts: 3 },
  )
}

interface Beginning {
  question: string
  answer: string
}

async function readBeginning(
  { db }: Pick<ChatPorts, 'db'>,
  owner: string,
  id: ConversationId,
): Promise<Beginning | null> {
  const { headId, trashedAt } = await readConversation(db.read, owner, id)
  if (trashedAt) return null
  const [question, answer] = await readBranch(db.read, owner, id, headId, { from: 1, to: 2 })
  if (!question) return null
  return {
    question: withoutMarks(question.text).slice(0, READ.question),
    answer: withoutMarks(answer?.text ?? '').slice(0, READ.answer),
  }
}

async function askForTitle(
  { model, log }: Pick<ChatPorts, 'model' | 'log'>,
  { question, answer }: Beginning,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const said = (await model.json({
      messages: [
        { role: 'system', text: INSTRUCTIONS },
        { role: 'user', text: `Person: ${question}\n\nAssistant: ${answer}` },
      ],
      schema: { type: 'object', properties: { title: { type: 'string', maxLength: LONGEST } } },
      maxTokens: 40,
      signal,
    })) as { title: string }
    return checkTitle(said.title, `${question}\n${answer}`)
  } catch (error) {
    if ((error as Error).name !== 'GrammarBroken') throw error
    log.debug('the model gave no title')
    return null
  }
}

/**
 * What of a suggested title may stand: without quotes, marks and a second sentence, and only where most of its words are of
 * the conversation. A model of small size else names what it knows.
 * @returns null when it says nothing of use
 */
export function checkTitle(suggested: string, text: string): string | null {
  const title = suggested
    .replace(/\s+/gu, ' ')
    .replace(/^(?:title|chat|conversation)\s*:\s*/iu, '')
    // Marks of markdown, and what begins a second sentence: the model wrote on.
    .replace(/\*+|`+|__+/gu, '')
    .replace(/(?<=\p{L}{4})[.!?]\s.*$/u, '')
    .replace(/^[\s"'“”‘’«»*#]+|[\s"'“”‘’«»*.:;,…]+$/gu, '')
  const words = wordsOf(title)
  // A small model that has nothing to say says it again.
  if (words.length > MOST_WORDS || new Set(words).size < words.length) return null
  if (title.length < 3 || title.length > LONGEST || words.length === 0) return null
  const said = new Set(wordsOf(text))
  const grounded = words.filter((word) => said.has(word)).length
  return grounded * 2 >= words.length ? title : null
}

function wordsOf(text: string): string[] {
  const words = text.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.filter((word) => word.length >= STEM || /\P{ASCII}|\d/u.test(word)).map((word) => word.slice(0, STEM))
}
