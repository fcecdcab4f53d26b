// What of the chosen files is sent: one file as it is, of a folder the texts.
import type { FoundFile } from '../attachments/choose.ts'

export interface ImportFile {
  /** With its folders. */
  name: string
  content: Blob
}

/** Kinds of files that exports and notes are made of. Pictures and other attachments of a folder stay where they are. */
const READABLE = /\.(md|markdown|mdown|txt|json|jsonl|csv|tsv|zip|html?|age)$/iu

/**
 * @returns what is to be sent under which name, and how many files of a folder are left out; null: there is nothing to send
 */
export function filesToSend(
  found: readonly FoundFile[],
): { name: string; files: ImportFile[]; leftOut: number } | null {
  const [first] = found
  if (!first) return null
  if (found.length === 1 && first.folder === null) {
    return { name: first.file.name, files: [{ name: first.file.name, content: first.file }], leftOut: 0 }
  }
  const wanted = found.filter(({ file, folder }) => READABLE.test(file.name) && !isHidden(folder, file.name))
  if (wanted.length === 0) return null
  const files = wanted.map(({ file, folder }) => ({
    name: folder === null ? file.name : `${folder}/${file.name}`,
    content: file,
  }))
  return { name: first.folder?.split('/')[0] ?? first.file.name, files, leftOut: found.length - wanted.length }
}

/** Folders in which programs keep their own things (`.git`, `.obsidian`), and their files. */
function isHidden(folder: string | null, name: string): boolean {
  return [...(folder?.split('/') ?? []), name].some((part) => part.startsWith('.') || part === 'node_modules')
}
