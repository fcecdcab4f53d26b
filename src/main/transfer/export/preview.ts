// What an archive would hold and about how large it would be, before it is made.
import type { ExportPreview, ExportSelection } from '../../../shared/exports.ts'
import type { ReadHandle } from '../../database/database.ts'
import type { Kind } from '../archive/format.ts'
import { countArchive } from './archive.ts'
import { averageText } from './rows.ts'
import { scopeOf } from './scope.ts'

/** Bytes a row of a kind takes in a file, about, compressed and beside its text. */
const ROW_BYTES: Partial<Record<Kind, number>> = {
  vector: 2200,
  journal: 500,
  memory: 300,
  proposal: 600,
  message: 200,
  passage: 60,
}
const OTHER_ROW_BYTES = 120
/** Of the archive itself. */
const FILE_BYTES = 4000
/** How often the text of a row stands in a file: as data, and in the readable copy. */
const TEXTS: Partial<Record<Kind, number>> = { memory: 2, message: 2, document: 2, passage: 1 }
/** What is left of a text that is compressed. */
const COMPRESSED = 0.4

/** @returns how many rows of each kind a selection holds, without kinds that have none, and bytes of its archive, about */
export async function previewArchive(
  db: ReadHandle,
  owner: string,
  selection: ExportSelection,
): Promise<ExportPreview> {
  const counts = await countArchive(db, owner, selection)
  const scope = scopeOf(owner, selection)
  let bytes = FILE_BYTES
  for (const [name, rows] of Object.entries(counts)) {
    const kind = name as Kind
    const times = TEXTS[kind] ?? 0
    const text = times === 0 ? 0 : await averageText(db, kind, scope[kind], rows)
    bytes += rows * ((ROW_BYTES[kind] ?? OTHER_ROW_BYTES) + times * COMPRESSED * text)
  }
  // Each conversation has a first message that nobody wrote.
  if (counts.message !== undefined) counts.message -= counts.conversation ?? 0
  return { counts, bytes: Math.round(bytes) }
}
