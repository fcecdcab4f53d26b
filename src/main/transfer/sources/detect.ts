// What a file is, by its bytes and by the names in a zip or folder; what it is called decides nothing by itself.
import { AppError } from '../../../shared/errors.ts'
import { PASTED } from '../../../shared/imports.ts'
import { CHATGPT_FILE } from './chatgpt.ts'
import { CLAUDE_FILE } from './claude.ts'
import { readCsvHead } from './csv.ts'
import { field, listField, objectField, textField } from './fields.ts'
import { firstBytes, type Input, type InputFile } from './input.ts'
import { isPlainObject, readItems } from './json-stream.ts'
import { NOTE } from './markdown.ts'
import { MEM0_LISTS, mem0Text } from './mem0.ts'
import type { SourceFormat } from './source.ts'
import { asUtf8 } from './text.ts'

const HEAD = 64 * 1024
/** Items looked at before it is said that nothing of it is known. */
const LOOKED_AT = 20

/**
 * @returns the format; of an archive that a passphrase protects `understudy`, too
 * @throws AppError INVALID_INPUT naming what it is instead, and what to do
 */
export async function detectFormat(input: Input): Promise<SourceFormat> {
  const [only] = input.files
  if (input.kind === 'zip' || input.kind === 'folder') return detectAmong(input)
  if (only === undefined) throw refuse('This file is empty. Choose another one.')
  return detectFile(only, input.kind === 'text' || only.path === PASTED)
}

function refuse(message: string): AppError {
  return new AppError('INVALID_INPUT', `${message} Nothing was changed.`)
}

/** Programs whose exports are known and cannot be read, by a name in them. */
const OTHERS: readonly [RegExp, string][] = [
  [
    /(^|\/)Takeout\//u,
    'This is an export of Google (Takeout). Its chats have no order of messages and cannot be read yet. Ask Gemini what it knows about you, and paste its answer.',
  ],
  [/(^|\/)prod-grok-backend\.json$/u, 'This is an export of Grok, which cannot be read yet.'],
  [
    /^(word|xl|ppt)\//u,
    'This is a document of an office program. Give it to a chat instead, or save it as Markdown or CSV.',
  ],
  [/^META-INF\/container\.xml$/u, 'This is a book (EPUB). Only notes and exports of assistants can be imported.'],
  [/^AndroidManifest\.xml$/u, 'This is an app. Only notes and exports of assistants can be imported.'],
]

const ARCHIVE = 'understudy-archive'
const PICTURE = /\.(png|jpe?g|gif|webp|heic|bmp|tiff?|svg|mp4|mov|mp3|wav|m4a)$/iu

async function detectAmong(input: Input): Promise<SourceFormat> {
  const { files } = input
  const what = input.kind === 'zip' ? 'zip' : 'folder'
  const manifest = files.find(({ path }) => path === 'manifest.json')
  if (manifest) {
    const head = await firstBytes(asUtf8(manifest.read()), HEAD)
    if (head.toString('utf8').includes(ARCHIVE)) return 'understudy'
  }
  for (const [name, message] of OTHERS) {
    if (files.some(({ path }) => name.test(path))) throw refuse(message)
  }
  const chats = files.filter(({ path }) => CHATGPT_FILE.test(path) || CLAUDE_FILE.test(path))
  for (const file of chats) {
    const format = await jsonFormat(file)
    if (format === 'chatgpt' || format === 'claude') return format
  }
  if (chats.length > 0) {
    // An export without chats is still one: other names tell whose.
    return files.some(({ path }) => /(^|\/)(users|projects|memories)\.json$/u.test(path)) ? 'claude' : 'chatgpt'
  }
  if (files.some(({ path }) => NOTE.test(path))) return 'markdown'
  const json = files.filter(({ path }) => path.endsWith('.json'))
  for (const file of json.slice(0, LOOKED_AT)) {
    const format = await jsonFormat(file)
    if (format !== null) return format
  }
  if (input.refused.length > 0 && files.length === 0) {
    throw refuse(`Nothing in this ${what} can be read: ${input.refused[0]?.reason ?? ''}`)
  }
  if (files.length === 0) throw refuse(`This ${what} is empty.`)
  if (files.every(({ path }) => PICTURE.test(path))) throw refuse(`This ${what} holds pictures or sound, and no text.`)
  if (files.some(({ path }) => /\.(csv|tsv)$/iu.test(path))) {
    throw refuse(`This ${what} holds tables. Unpack it, and import one of them at a time.`)
  }
  throw refuse(
    `Nothing in this ${what} is known: no export of an assistant, no archive of Understudy and no Markdown notes.`,
  )
}

/** What files begin with that are no text. */
const MAGIC: readonly [string, string][] = [
  ['25504446', 'This is a PDF. Give it to a chat, where it can be read.'],
  ['89504e47', 'This is a picture. Only text can be imported.'],
  ['ffd8ff', 'This is a picture. Only text can be imported.'],
  ['47494638', 'This is a picture. Only text can be imported.'],
  ['52494646', 'This is a picture or a sound. Only text can be imported.'],
  ['1f8b', 'This is packed with gzip. Unpack it first.'],
  ['377abcaf', 'This is packed with 7-Zip. Unpack it first.'],
  ['52617221', 'This is packed with RAR. Unpack it first.'],
  ['53514c69', 'This is a database (SQLite). Export its content as CSV first.'],
  ['7f454c46', 'This is a program.'],
  ['4d5a', 'This is a program.'],
]

/** First line of a file that age protects, in binary and in letters. */
const AGE = /^(age-encryption\.org\/v1|-----BEGIN AGE ENCRYPTED FILE-----)/u

async function detectFile(file: InputFile, pasted: boolean): Promise<SourceFormat> {
  const raw = await firstBytes(file.read(), 8)
  if (raw.length === 0) throw refuse(pasted ? 'Nothing was pasted.' : 'This file is empty.')
  const hex = raw.toString('hex')
  for (const [start, message] of MAGIC) if (hex.startsWith(start)) throw refuse(message)
  const head = (await firstBytes(asUtf8(file.read()), HEAD)).toString('utf8')
  if (AGE.test(head)) return 'understudy'
  if (head.includes('\u0000')) throw refuse('This file is no text, no zip and no archive.')
  const start = head.trimStart()
  if (start === '') throw refuse(pasted ? 'Nothing was pasted.' : 'This file is empty.')
  if (/^<(!doctype|html)/iu.test(start)) {
    throw refuse('This is a web page. Of an export of ChatGPT choose the whole zip, or its conversations.json.')
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    const format = await jsonFormat(file)
    if (format !== null) return format
    // A dump may begin with a date in brackets.
    if (!/^\[\s*(\d{4}-\d\d|unknown|date|no date)/iu.test(start) && !/^\[[ x]\]|^\[\[/iu.test(start)) {
      throw refuse('This JSON is no export that is known: of ChatGPT, Claude or mem0, or a list of sentences.')
    }
  }
  return textFormat(file, start, pasted)
}

async function textFormat(file: InputFile, text: string, pasted: boolean): Promise<SourceFormat> {
  const name = file.path.toLowerCase()
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const head = await readCsvHead(file)
  const called = /\.(csv|tsv)$/u.test(name)
  // A comma in every sentence is no table yet: nearly all rows have as many values, and more than two.
  const table = head !== null && (called || (head.even >= 0.8 && (head.columns.length > 2 || head.separator === '\t')))
  if (table && lines.length > 1 && !/^(\s*[-*•]|#|\|)/u.test(text)) return 'csv'
  if (pasted) return 'memory-dump'
  return isDump(lines, name) ? 'memory-dump' : 'markdown'
}

/** Longest line of a list of memories that has no marks. */
const PLAIN_LINE = 300
const DATED_LINE = /^[\s*•-]{0,4}\[(?:\d{4}-\d\d(?:-\d\d)?|unknown|date unknown)\]/iu
const LIST_LINE = /^\s*(?:[-*+•–]|\(?\d{1,4}[.)])\s/u

/** An assistant answers with lines, often dated; a note has front matter, links, or paragraphs. */
function isDump(lines: readonly string[], name: string): boolean {
  const share = (mark: RegExp) => lines.filter((line) => mark.test(line)).length / lines.length
  if (lines.filter((line) => DATED_LINE.test(line)).length >= 2) return true
  if (/\.(md|markdown)$/u.test(name) || lines[0] === '---' || share(/\[\[/u) > 0) return false
  if (share(LIST_LINE) >= 0.5) return true
  return share(/^#{1,6}\s/u) === 0 && lines.every((line) => line.length <= PLAIN_LINE)
}

/** @returns null when the first items are nothing that is known */
async function jsonFormat(file: InputFile): Promise<SourceFormat | null> {
  let n = 0
  let broken = false
  for await (const item of readItems(file.read(), ['conversations', 'projects', ...MEM0_LISTS])) {
    if ('value' in item) {
      const format = formatOf(item.value)
      if (format !== null) return format
    } else broken = true
    if (++n === LOOKED_AT) break
  }
  if (!broken) return null
  // The first chats may be damaged, and the others not.
  const head = (await firstBytes(asUtf8(file.read()), HEAD)).toString('utf8')
  if (/"mapping"\s*:/u.test(head)) return 'chatgpt'
  if (/"chat_messages"\s*:/u.test(head)) return 'claude'
  return /"memory"\s*:/u.test(head) ? 'mem0' : null
}

function formatOf(value: unknown): SourceFormat | null {
  const mapping = field(value, 'mapping')
  if (isPlainObject(mapping)) {
    const messages = Object.values(mapping).map((node) => objectField(node, 'message'))
    if (messages.some((message) => listField(message, 'fragments').length > 0)) {
      throw refuse('This is an export of DeepSeek, which cannot be read yet.')
    }
    return 'chatgpt'
  }
  if (Array.isArray(field(value, 'chat_messages'))) return 'claude'
  if (field(value, 'conversations_memory') !== undefined || field(value, 'project_memories') !== undefined)
    return 'claude'
  const project = Array.isArray(field(value, 'docs')) || typeof field(value, 'prompt_template') === 'string'
  if (textField(value, 'uuid') !== '' && project) return 'claude'
  if (field(value, 'role') !== undefined || field(value, 'messages') !== undefined) return null
  return mem0Text(value) === '' ? null : 'mem0'
}
