// A folder or zip of notes, such as a vault of Obsidian or an export of Notion: each note is a document. What a note begins
// with (front matter) and its links stay as they are written.
import { DOCUMENT_MAX, DOCUMENT_NAME_MAX } from '../../../shared/documents.ts'
import { idFrom } from './ids.ts'
import type { Input, InputFile } from './input.ts'
import type { Source, SourceEvent } from './source.ts'
import { readText, TextProblem } from './text.ts'

export const NOTE = /\.(md|markdown|mdown|mkd|txt)$/iu
/** Folders and files of programs, which nobody wrote. */
const HIDDEN = /(^|\/)(\.(?!\.(?:\/|$))[^/\\]+|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/u
/** Notion ends every name with its id. */
const NOTION_ID = / ([0-9a-f]{32})(?=\.[a-z]+$|\/|$)/giu

/** @throws AppError INVALID_INPUT when a limit is passed */
export async function* readMarkdown(input: Input, now: Date): Source {
  yield* input.refused.filter(({ place }) => !HIDDEN.test(place.file))
  for (const file of input.files) {
    if (HIDDEN.test(file.path)) continue
    const event = await note(file, input.files.length === 1 && input.kind !== 'zip', now)
    if (event !== null) yield event
  }
}

async function note(file: InputFile, alone: boolean, now: Date): Promise<SourceEvent | null> {
  const place = { file: file.path, line: null }
  if (!alone && !NOTE.test(file.path)) {
    return { type: 'refused', kind: 'document', place, reason: 'It is no note: only Markdown and text files are read.' }
  }
  let text: string
  try {
    text = await readText(file.read(), DOCUMENT_MAX * 4)
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error
    return { type: 'refused', kind: 'document', place: { ...place, line: error.line }, reason: error.message }
  }
  // An empty note has no words to lose.
  if (text.trim() === '') return null
  if (text.length > DOCUMENT_MAX) {
    const reason = `It is longer than the ${DOCUMENT_MAX} characters of one document.`
    return { type: 'refused', kind: 'document', place, reason }
  }
  const shown = file.path.replace(NOTION_ID, '')
  const slash = shown.lastIndexOf('/')
  const notion = [...file.path.matchAll(NOTION_ID)].at(-1)?.[1]
  return {
    type: 'row',
    kind: 'document',
    place,
    row: {
      id: idFrom('markdown', notion ?? file.path),
      conversation_id: null,
      message_id: null,
      name: shown.slice(slash + 1).slice(-DOCUMENT_NAME_MAX),
      folder: slash === -1 ? null : shown.slice(0, slash),
      kind: /\.txt$/iu.test(shown) ? 'text' : 'markdown',
      bytes: file.bytes,
      pages: null,
      text,
      created_at: (file.modifiedAt ?? now).toISOString(),
    },
  }
}
