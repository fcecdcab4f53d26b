// Files as the browser hands them over: chosen, dropped with their folders, or on the clipboard.
import type { FoundFile } from './choose.ts'

/** More entries of a folder are not looked at: somebody dropped a disk. */
const MOST_ENTRIES = 20_000

export function chosenFiles(list: FileList): FoundFile[] {
  return Array.from(list, (file) => {
    const path = file.webkitRelativePath
    return { file, folder: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null }
  })
}

/** @param transfer only readable while the event is handled: what is needed of it is taken at once */
export async function droppedFiles(transfer: DataTransfer): Promise<FoundFile[]> {
  const entries = Array.from(transfer.items, (item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null))
  const files = Array.from(transfer.files)
  const found: FoundFile[] = []
  let looked = 0
  const visit = async (entry: FileSystemEntry, folder: string | null): Promise<void> => {
    looked += 1
    if (looked > MOST_ENTRIES) return
    if (isFile(entry)) {
      const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)))
      if (file) found.push({ file, folder })
    } else if (isFolder(entry)) {
      const path = folder === null ? entry.name : `${folder}/${entry.name}`
      for (const child of await childrenOf(entry)) await visit(child, path)
    }
  }
  for (const [index, entry] of entries.entries()) {
    const file = files[index]
    if (entry) await visit(entry, null)
    else if (file) found.push({ file, folder: null })
  }
  return found
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

/** The browser gives a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])))
    if (some.length === 0) return all
    all.push(...some)
  }
}
