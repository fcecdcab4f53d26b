// What the prompt of a turn holds of files. No text of a file is stored with a prompt: what stood there is noted in
// `usage`, and later prompts are put together anew from the files as they are, with the same bytes. So what was removed or
// forgotten is gone from every prompt at once.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { AnswerStats } from '../../shared/chat.ts'
import type { ConversationId, DocumentId, MessageId, PassageId } from '../../shared/ids.ts'
import type { RecallReason } from '../../shared/memory.ts'
import { document, passage, usage } from '../database/schema.ts'
import type { LanguageModel } from '../engine/engine.ts'
import type { PromptUse } from '../learning/learning.ts'
import { type NamedFile, renderFolders, renderParts, renderUnread, renderWhole } from './render.ts'
import { type FoundPart, findParts, firstParts, openingParts, type Part, type SearchPorts } from './search.ts'

export interface FilesRequest {
  owner: string
  conversationId: ConversationId
  /** What is read of the shown branch before the question, oldest first. */
  before: readonly {
    id: MessageId
    parentId: MessageId | null
    role: string
    /** Place in the branch, from 1. */
    depth: number
    stats: AnswerStats | null
  }[]
  question: { id: MessageId; text: string }
  /** The answer that is gone on with: its prompt stays as it was, and nothing is chosen anew. */
  goesOn: MessageId | null
}

export interface FilesContext {
  /** What stands before the words of each message of the person that has something. */
  blocks: Map<MessageId, string>
  /** What the prompt holds, for the record of the answer. */
  used: PromptUse[]
}

export interface FilesPorts extends SearchPorts {
  model: Pick<LanguageModel, 'contextSize' | 'prefillSpeed' | 'countTokens'>
}

/** Of the context: files that come with a message, and what is found in those of earlier ones. */
const SHARE = 0.4
const LATER_SHARE = 0.12
/** The same in seconds of reading. Whoever attaches a file expects it to be read; whoever goes on talking does not. */
const SECONDS = 60
const LATER_SECONDS = 6
/** What the person's words and the files may take together: the rest is for what is recalled, and the answer. */
const TOGETHER_SHARE = 0.55
const ASSUMED_CONTEXT = 4096
const ASSUMED_PREFILL = 50
/** Most of the room that files take whole when not all fit; the rest is for parts of the others. */
const WHOLE_SHARE = 0.6
/** A token is rarely more bytes: a longer text is not counted. */
const BYTES_PER_TOKEN = 8
const MOST_PARTS = 24
/** The beginning of each of so few files says what it is. */
const OPENED = 3
/** In a later turn: of what is found only by few words, this share of the question's must stand there. */
const LATER_NEAR = 0.38
const FRAME_TOKENS = 40

interface FileRow extends NamedFile {
  messageId: MessageId | null
  /** Of its text: told without reading it. */
  bytes: number
}

interface Standing {
  file: DocumentId
  section: 'whole' | 'part'
  passage: Part
}

export async function filesContext(ports: FilesPorts, request: FilesRequest): Promise<FilesContext> {
  const files = await readFiles(ports, request)
  if (files.length === 0) return { blocks: new Map(), used: [] }
  const byId = new Map(files.map((file) => [file.id, file]))
  const standing = await readStanding(ports, request, byId)
  const inPrompt = [...standing].flatMap(([id, items]) => (isLeftOut(request, id) ? [] : items))

  const fresh = files.filter(({ messageId }) => messageId === request.question.id)
  const whole = new Set(inPrompt.flatMap(({ section, file }) => (section === 'whole' ? [file] : [])))
  const older = files.filter(({ id, messageId }) => messageId !== request.question.id && !whole.has(id))
  const present = new Set(inPrompt.map(({ passage: { id } }) => id))
  const chosen = request.goesOn
    ? (standing.get(request.question.id) ?? [])
    : [...(await chooseFresh(ports, request, fresh)), ...(await chooseOlder(ports, request, older, present))]

  const shown = new Map([...standing, [request.question.id, chosen] as const])
  const texts = await readTexts(ports, [...shown.values()].flat())
  const blocks = new Map<MessageId, string>()
  for (const [id, items] of shown) {
    const came = files.filter(({ messageId }) => messageId === id)
    const block = renderBlock(items, came, byId, texts)
    if (block !== '') blocks.set(id, block)
  }
  return { blocks, used: request.goesOn ? [] : await usesOf(ports, chosen as Chosen[], inPrompt, texts) }
}

/** Files of the shown branch and those given to the chat as a whole, in the order they came. */
async function readFiles(
  { db }: FilesPorts,
  { owner, conversationId, before, question }: FilesRequest,
): Promise<FileRow[]> {
  const files = await db.read
    .select({
      id: document.id,
      name: document.name,
      folder: document.folder,
      pages: document.pages,
      messageId: document.messageId,
      bytes: sql<number>`octet_length(${document.text})`,
    })
    .from(document)
    .where(
      and(
        eq(document.owner, owner),
        eq(document.conversationId, conversationId),
        isNull(document.trashedAt),
        isNull(document.stagedFor),
      ),
    )
    .orderBy(asc(document.createdAt), asc(document.id))
  const read = new Set<MessageId | null>([null, question.id, ...before.map(({ id }) => id)])
  if (files.every(({ messageId }) => read.has(messageId))) return files
  // Messages from before the part that is read may be of this branch or of another one.
  const { rows } = await db.read.execute<{ id: MessageId }>(sql`
    with recursive up as (
      select id, parent_id from message where id = ${question.id}::uuid and owner = ${owner}
      union all select before.id, before.parent_id from message before join up on before.id = up.parent_id
    ) select id from up where id = any(${sql.param(files.flatMap(({ messageId }) => messageId ?? []))}::uuid[])`)
  for (const { id } of rows) read.add(id)
  return files.filter(({ messageId }) => read.has(messageId))
}

/** What stood in the prompts of earlier messages, by message, as far as it is still there. */
async function readStanding(
  { db }: FilesPorts,
  { owner, before, question, goesOn }: FilesRequest,
  files: ReadonlyMap<DocumentId, FileRow>,
): Promise<Map<MessageId, Standing[]>> {
  const questionOf = new Map(
    before.flatMap(({ id, parentId, role }) => (role === 'assistant' && parentId ? [[id, parentId] as const] : [])),
  )
  if (goesOn) questionOf.set(goesOn, question.id)
  const standing = new Map<MessageId, Standing[]>()
  if (questionOf.size === 0) return standing
  const rows = await db.read
    .select({
      answerId: usage.messageId,
      section: usage.section,
      passage: { id: passage.id, documentId: passage.documentId, part: passage.part, text: passage.text },
    })
    .from(usage)
    .innerJoin(passage, eq(passage.id, usage.passageId))
    .where(
      and(
        eq(usage.owner, owner),
        inArray(usage.messageId, [...questionOf.keys()]),
        inArray(usage.section, ['whole', 'part']),
      ),
    )
    .orderBy(asc(usage.rank))
  for (const { answerId, section, passage: found } of rows) {
    const asked = questionOf.get(answerId)
    const { documentId } = found
    if (!asked || !documentId || !files.has(documentId)) continue
    const items = standing.get(asked) ?? []
    standing.set(asked, [
      ...items,
      { file: documentId, section: section === 'whole' ? 'whole' : 'part', passage: { ...found, documentId } },
    ])
  }
  return standing
}

/** Whether the model's last prompt had no room any more for a message. */
function isLeftOut({ before }: FilesRequest, id: MessageId): boolean {
  const last = before.findLast(({ stats }) => stats !== null)?.stats
  const asked = before.find((message) => message.id === id)
  return asked !== undefined && asked.depth <= (last?.leftOutMessages ?? 0)
}

interface Chosen extends Standing {
  tokens: number
  reason: RecallReason
}

const CAME: RecallReason = { kind: 'attached', words: [], similarity: null }

/** The files that came with the message: whole while they fit, and of the others what fits the question. */
async function chooseFresh(ports: FilesPorts, request: FilesRequest, files: readonly FileRow[]): Promise<Chosen[]> {
  if (files.length === 0) return []
  const room = await roomFor(ports, request, SHARE, SECONDS)
  const firsts = await firstParts(
    ports.db,
    files.map(({ id }) => id),
  )
  const counted = await countWhole(ports, files, room)
  const all = files.reduce((sum, { id }) => sum + (counted.get(id) ?? Number.POSITIVE_INFINITY), 0)
  const chosen: Chosen[] = []
  let left = room
  const byLength = files.toSorted((a, b) => (counted.get(a.id) ?? Infinity) - (counted.get(b.id) ?? Infinity))
  for (const file of byLength) {
    const tokens = counted.get(file.id) ?? Number.POSITIVE_INFINITY
    const passage = firsts.get(file.id)
    // Of a folder that does not fit, the shortest files are no better than others.
    const fits = all <= room || (file.folder === null && room - left + tokens <= room * WHOLE_SHARE)
    if (!passage || !fits) continue
    chosen.push({ file: file.id, section: 'whole', passage, tokens, reason: CAME })
    left -= tokens
  }
  // As they came, not as they were tried.
  const place = new Map(files.map(({ id }, index) => [id, index]))
  chosen.sort((a, b) => (place.get(a.file) ?? 0) - (place.get(b.file) ?? 0))
  const whole = new Set(chosen.map(({ file }) => file))
  const searched = files.filter(({ id }) => !whole.has(id)).map(({ id }) => id)
  if (searched.length === 0) return chosen
  const found = await findParts(ports, request.owner, searched, request.question.text)
  const openings = searched.length <= OPENED ? searched.flatMap((id) => firsts.get(id) ?? []) : []
  const wanted: FoundPart[] = [...openings.map(asOpening), ...found]
  // Nothing matches, as with "sum it up": the beginning is the best there is.
  if (found.length === 0) {
    const [only] = searched
    const beginning =
      only && searched.length === 1 ? await openingParts(ports.db, only, MOST_PARTS) : [...firsts.values()]
    wanted.push(...beginning.filter(({ documentId }) => !whole.has(documentId)).map(asOpening))
  }
  return [...chosen, ...(await takeParts(ports, wanted, left))]
}

function asOpening(part: Part): FoundPart {
  return { ...part, score: 0, reason: CAME }
}

/** What fits this question in files of earlier messages. */
async function chooseOlder(
  ports: FilesPorts,
  request: FilesRequest,
  files: readonly FileRow[],
  present: ReadonlySet<PassageId>,
): Promise<Chosen[]> {
  if (files.length === 0) return []
  const found = await findParts(
    ports,
    request.owner,
    files.map(({ id }) => id),
    request.question.text,
  )
  const near = found.filter(
    ({ id, reason }) =>
      !present.has(id) &&
      ((reason.similarity ?? 0) >= LATER_NEAR || (reason.kind !== 'meaning' && reason.words.length > 1)),
  )
  if (near.length === 0) return []
  return takeParts(ports, near, await roomFor(ports, request, LATER_SHARE, LATER_SECONDS))
}

/** @returns tokens that files may take */
async function roomFor(
  { model }: FilesPorts,
  { question }: FilesRequest,
  share: number,
  seconds: number,
): Promise<number> {
  const context = model.contextSize ?? ASSUMED_CONTEXT
  const [words = 0] = await model.countTokens([question.text])
  const most = Math.min(context * share, (model.prefillSpeed ?? ASSUMED_PREFILL) * seconds)
  return Math.max(0, Math.floor(Math.min(most, context * TOGETHER_SHARE - words)))
}

/** Tokens of those that could fit, with their frame. */
async function countWhole(
  { db, model }: FilesPorts,
  files: readonly FileRow[],
  room: number,
): Promise<Map<DocumentId, number>> {
  let bytes = 0
  const countable = files.filter((file) => {
    bytes += file.bytes
    return bytes <= room * BYTES_PER_TOKEN
  })
  if (countable.length === 0) return new Map()
  const rows = await db.read
    .select({ id: document.id, text: document.text })
    .from(document)
    .where(
      inArray(
        document.id,
        countable.map(({ id }) => id),
      ),
    )
  const tokens = await model.countTokens(rows.map(({ text }) => text))
  return new Map(rows.map(({ id }, index) => [id, (tokens[index] ?? 0) + FRAME_TOKENS]))
}

/** The best that fit. */
async function takeParts({ model }: FilesPorts, wanted: readonly FoundPart[], room: number): Promise<Chosen[]> {
  const unique = [...new Map(wanted.toReversed().map((part) => [part.id, part])).values()].reverse()
  const tokens = await model.countTokens(unique.map(({ text }) => text))
  const chosen: Chosen[] = []
  const framed = new Set<DocumentId>()
  let left = room
  for (const [index, part] of unique.entries()) {
    const { score: _, reason, ...passage } = part
    const cost = (tokens[index] ?? 0) + 2 + (framed.has(part.documentId) ? 0 : FRAME_TOKENS)
    if (cost > left || chosen.length >= MOST_PARTS) continue
    left -= cost
    framed.add(part.documentId)
    chosen.push({ file: part.documentId, section: 'part', passage, tokens: cost, reason })
  }
  return chosen
}

interface Texts {
  whole: Map<DocumentId, string>
  /** How many passages a file has. */
  parts: Map<DocumentId, number>
}

async function readTexts({ db }: FilesPorts, items: readonly Standing[]): Promise<Texts> {
  const of = (section: Standing['section']) => [
    ...new Set(items.flatMap((item) => (item.section === section ? [item.file] : []))),
  ]
  const [whole, part] = [of('whole'), of('part')]
  const texts =
    whole.length === 0
      ? []
      : await db.read.select({ id: document.id, text: document.text }).from(document).where(inArray(document.id, whole))
  const counts =
    part.length === 0
      ? []
      : await db.read
          .select({ id: passage.documentId, count: sql<number>`count(*)::int` })
          .from(passage)
          .where(inArray(passage.documentId, part))
          .groupBy(passage.documentId)
  return {
    whole: new Map(texts.map(({ id, text }) => [id, text])),
    parts: new Map(counts.flatMap(({ id, count }) => (id ? [[id, count]] : []))),
  }
}

/** @param came the files that came with the message, of which each is at least named */
function renderBlock(
  items: readonly Standing[],
  came: readonly FileRow[],
  files: ReadonlyMap<DocumentId, FileRow>,
  texts: Texts,
): string {
  const lines = renderFolders(came)
  const shown = new Set(items.map(({ file }) => file))
  for (const [id, file] of files) {
    const own = items.filter((item) => item.file === id)
    const text = texts.whole.get(id)
    if (own.some(({ section }) => section === 'whole') && text !== undefined) lines.push(renderWhole(file, text))
    else if (own.length > 0) {
      const parts = own.map(({ passage }) => passage).sort((a, b) => a.part - b.part)
      lines.push(renderParts(file, parts, texts.parts.get(id) ?? 0))
    } else if (file.folder === null && came.includes(file) && !shown.has(id)) lines.push(renderUnread(file))
  }
  return lines.join('\n')
}

async function usesOf(
  { model }: FilesPorts,
  chosen: readonly Chosen[],
  inPrompt: readonly Standing[],
  texts: Texts,
): Promise<PromptUse[]> {
  const use = ({ passage: { id } }: Standing) => ({ memoryId: null, memoryVersion: null, store: null, passageId: id })
  const seen = new Set(chosen.map(({ passage: { id } }) => id))
  const carried = inPrompt.filter(({ passage: { id } }) => {
    if (seen.has(id)) return false
    seen.add(id)
    return true
  })
  const tokens = await model.countTokens(
    carried.map(({ section, file, passage: { text } }) => (section === 'whole' ? (texts.whole.get(file) ?? '') : text)),
  )
  return [
    ...chosen.map((item) => ({ ...use(item), section: item.section, reason: item.reason, tokens: item.tokens })),
    ...carried.map((item, index) => ({
      ...use(item),
      section: 'carried' as const,
      reason: CAME,
      tokens: tokens[index] ?? 0,
    })),
  ]
}
