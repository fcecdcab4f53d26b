// The export of Claude: `conversations.json`, `projects.json` or a file for each project, and `memories.json`. Its chats do
// not say to which project they belong.
import { DOCUMENT_MAX, DOCUMENT_NAME_MAX } from '../../../shared/documents.ts'
import { cleanText } from '../../learning/documents/clean.ts'
import { chatLines, type ForeignMessage, messageIdFrom } from './chat-lines.ts'
import { field, listField, objectField, textField, timeOf } from './fields.ts'
import { idFrom } from './ids.ts'
import type { Input, InputFile } from './input.ts'
import { isPlainObject, readItems } from './json-stream.ts'
import { dumpLines } from './memory-dump.ts'
import { memoryLine } from './memory-line.ts'
import type { Place, Source, SourceEvent } from './source.ts'

export const CLAUDE_FILE = /(^|\/)(conversations(-\d+)?\.json|projects\.json|projects\/[^/]+\.json|memories\.json)$/u

interface Read {
  now: Date
  chats: Set<string>
  /** Ids of projects of this export. */
  projects: Set<string>
}

/** @throws AppError INVALID_INPUT when a limit is passed */
export async function* readClaude(input: Input, now: Date): Source {
  yield* input.refused
  const read: Read = { now, chats: new Set(), projects: new Set() }
  const files = input.files.filter(({ path }) => input.files.length === 1 || CLAUDE_FILE.test(path))
  // Projects first: memories and newer chats name them.
  for (const file of files.sort((one, other) => rank(one) - rank(other))) {
    for await (const item of readItems(file.read(), ['conversations', 'projects'])) {
      const place = { file: file.path, line: item.n }
      if ('reason' in item) yield { type: 'refused', kind: null, place, reason: item.reason }
      else yield* anything(item.value, place, read)
    }
  }
}

function rank({ path }: InputFile): number {
  return path.includes('projects') ? 0 : path.includes('memories') ? 1 : 2
}

function* anything(value: unknown, place: Place, read: Read): Iterable<SourceEvent> {
  if (Array.isArray(field(value, 'chat_messages'))) yield* chat(value, place, read)
  else if (field(value, 'conversations_memory') !== undefined || field(value, 'project_memories') !== undefined) {
    yield* memories(value, place, read)
  } else if (
    textField(value, 'uuid') !== '' &&
    (Array.isArray(field(value, 'docs')) || hasText(value, 'prompt_template'))
  ) {
    yield* project(value, place, read)
  } else yield { type: 'refused', kind: null, place, reason: 'It is no chat, project or memory of Claude.' }
}

function hasText(value: unknown, name: string): boolean {
  return typeof field(value, name) === 'string'
}

function* chat(value: unknown, where: Place, { chats, projects }: Read): Iterable<SourceEvent> {
  const title = textField(value, 'name')
  const place = title === '' ? where : { ...where, name: title.slice(0, 100) }
  const messages = listField(value, 'chat_messages')
  const id = textField(value, 'uuid') || messages.map((one) => textField(one, 'uuid')).find(Boolean)
  if (id === undefined) return yield { type: 'refused', kind: 'conversation', place, reason: 'It holds no messages.' }
  if (chats.has(id)) {
    return yield { type: 'refused', kind: 'conversation', place, reason: 'The same chat stands in this export before.' }
  }
  chats.add(id)
  const ofProject = textField(value, 'project_uuid') || textField(objectField(value, 'project'), 'uuid')
  yield* chatLines({
    format: 'claude',
    id,
    title,
    createdAt: timeOf(field(value, 'created_at')),
    updatedAt: timeOf(field(value, 'updated_at')),
    pinnedAt: field(value, 'is_starred') === true ? timeOf(field(value, 'updated_at')) : null,
    archived: false,
    projectId: projects.has(ofProject) ? idFrom('claude', 'project', ofProject) : null,
    current: textField(value, 'current_leaf_message_uuid') || null,
    messages: messagesOf(messages),
    place,
  })
  for (const message of messages) yield* attachments(message, id, place)
}

/** Older exports say no parents: each message follows the one before it. */
function messagesOf(messages: readonly unknown[]): ForeignMessage[] {
  let before: string | null = null
  return messages.map((message, index) => {
    const id = idOf(message, index)
    const said = textField(message, 'parent_message_uuid')
    const parent = said === '' ? before : said
    before = id
    return { id, parent, shown: shownOf(message), at: timeOf(field(message, 'created_at')) }
  })
}

function idOf(message: unknown, index: number): string {
  return textField(message, 'uuid') || `#${index}`
}

function shownOf(message: unknown): ForeignMessage['shown'] {
  const sender = textField(message, 'sender')
  const role = sender === 'human' ? 'user' : sender === 'assistant' ? 'assistant' : null
  if (role === null) return null
  const blocks = listField(message, 'content')
  const written = blocks.map(blockText).filter(Boolean).join('\n\n').trim()
  const files = filesOf(message)
  const text = [written || textField(message, 'text').trim(), ...files].filter(Boolean).join('\n\n')
  const extracted = listField(message, 'attachments').some((one) => textField(one, 'extracted_content') !== '')
  if (text === '' && !extracted) return null
  const thoughts = blocks
    .map((block) => (textField(block, 'type') === 'thinking' ? textField(block, 'thinking') : ''))
    .filter(Boolean)
    .join('\n\n')
  return { role, text, thoughts }
}

function blockText(block: unknown): string {
  const type = textField(block, 'type')
  if (type === 'text' || type === 'voice_note') return textField(block, 'text')
  return type === 'tool_use' ? artifact(block) : ''
}

/** What the assistant wrote into a window of its own belongs to its answer; other tools do not. */
function artifact(block: unknown): string {
  const name = textField(block, 'name')
  const input = objectField(block, 'input')
  if (name !== 'artifacts' && name !== 'create_file') return ''
  const content = textField(input, 'content') || textField(input, 'file_text')
  if (content === '') return ''
  const title = textField(input, 'title') || textField(input, 'path') || textField(input, 'id')
  if (textField(input, 'type') === 'text/markdown')
    return [title && `**${title}**`, content].filter(Boolean).join('\n\n')
  const fence = content.includes('```') ? '````' : '```'
  return [title && `**${title}**`, `${fence}${textField(input, 'language')}\n${content}\n${fence}`]
    .filter(Boolean)
    .join('\n\n')
}

/** Files of which the export holds the name alone. */
function filesOf(message: unknown): string[] {
  const names = [...listField(message, 'files'), ...listField(message, 'files_v2')].map((file) =>
    textField(file, 'file_name'),
  )
  const attached = listField(message, 'attachments')
  const withText = new Set(attached.filter((one) => textField(one, 'extracted_content') !== '').map(nameOf))
  const bare = attached.map(nameOf).filter((name) => !withText.has(name))
  return [...new Set([...names, ...bare])]
    .filter((name) => name !== '' && !withText.has(name))
    .map((name) => `[File: ${name.slice(0, 200)}]`)
}

function nameOf(attachment: unknown): string {
  return textField(attachment, 'file_name')
}

/** Text that was pasted or read out of a file stands beside the message. */
function* attachments(message: unknown, chatId: string, place: Place): Iterable<SourceEvent> {
  const messageId = textField(message, 'uuid')
  let n = 0
  for (const attachment of listField(message, 'attachments')) {
    const text = cleanText(textField(attachment, 'extracted_content')).text
    if (text.trim() === '' || messageId === '') continue
    n += 1
    const name = textField(attachment, 'file_name')
    yield documentLine(place, {
      id: idFrom('claude', 'attachment', chatId, messageId, String(n)),
      conversationId: idFrom('claude', 'chat', chatId),
      messageId: messageIdFrom('claude', chatId, messageId),
      name: name || 'Pasted text',
      folder: null,
      kind: name === '' ? 'pasted' : 'text',
      text,
      at: timeOf(field(message, 'created_at')) ?? new Date(0),
    })
  }
}

function* project(value: unknown, where: Place, { projects }: Read): Iterable<SourceEvent> {
  const uuid = textField(value, 'uuid')
  // Every account has the same one, made by Anthropic.
  if (field(value, 'is_starter_project') === true || projects.has(uuid)) return
  projects.add(uuid)
  const name = cleanText(textField(value, 'name')).text.trim().slice(0, 200) || 'Claude project'
  const place = { ...where, name: name.slice(0, 100) }
  const createdAt = timeOf(field(value, 'created_at')) ?? new Date(0)
  yield {
    type: 'row',
    kind: 'project',
    place,
    row: {
      id: idFrom('claude', 'project', uuid),
      name,
      instructions: cleanText(textField(value, 'prompt_template')).text.slice(0, 100_000),
      created_at: createdAt.toISOString(),
      updated_at: (timeOf(field(value, 'updated_at')) ?? createdAt).toISOString(),
    },
  }
  for (const doc of listField(value, 'docs')) {
    const text = cleanText(textField(doc, 'content')).text
    const file = textField(doc, 'filename') || 'Document'
    if (text.trim() === '' || !isPlainObject(doc)) continue
    yield documentLine(place, {
      id: idFrom('claude', 'document', uuid, textField(doc, 'uuid') || `${file}\u0000${text}`),
      conversationId: null,
      messageId: null,
      name: file,
      folder: name,
      kind: /\.(md|markdown)$/iu.test(file) ? 'markdown' : 'text',
      text,
      at: timeOf(field(doc, 'created_at')) ?? createdAt,
    })
  }
}

interface ForeignDocument {
  id: string
  conversationId: string | null
  messageId: string | null
  name: string
  folder: string | null
  kind: 'text' | 'markdown' | 'pasted'
  text: string
  at: Date
}

function documentLine(place: Place, document: ForeignDocument): SourceEvent {
  if (document.text.length > DOCUMENT_MAX) {
    const reason = `“${document.name.slice(0, 100)}” is longer than ${DOCUMENT_MAX} characters.`
    return { type: 'refused', kind: 'document', place, reason }
  }
  return {
    type: 'row',
    kind: 'document',
    place,
    row: {
      id: document.id,
      conversation_id: document.conversationId,
      message_id: document.messageId,
      name: document.name.slice(0, DOCUMENT_NAME_MAX),
      folder: document.folder,
      kind: document.kind,
      bytes: null,
      pages: null,
      text: document.text,
      created_at: document.at.toISOString(),
    },
  }
}

/** What Claude noted of the person, in general and for a project, each a page of text. */
function* memories(value: unknown, place: Place, { now, projects }: Read): Iterable<SourceEvent> {
  yield* page(textField(value, 'conversations_memory'), null)
  for (const [uuid, text] of Object.entries(objectField(value, 'project_memories'))) {
    if (typeof text === 'string') yield* page(text, projects.has(uuid) ? uuid : null)
  }

  function* page(text: string, project: string | null): Iterable<SourceEvent> {
    const seen = new Set<string>()
    for (const { text: words } of dumpLines(cleanText(text).text)) {
      if (seen.has(words)) continue
      seen.add(words)
      const projectId = project === null ? null : idFrom('claude', 'project', project)
      yield memoryLine(
        { format: 'claude', id: `${project ?? ''}\u0000${words}`, text: words, at: null, projectId, place },
        now,
      )
    }
  }
}
