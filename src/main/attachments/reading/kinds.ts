// What a file is, by its first bytes and its name: names lie, so the bytes are asked first.
import type { DocumentKind } from '../../../shared/documents.ts'

/** What is told apart from text because somebody might try it; each is refused in words of its own. */
export type Unread = 'image' | 'media' | 'archive' | 'office' | 'program' | 'binary'

const OFFICE = /\.(?:docx?|xlsx?|pptx?|od[tsp]|pages|numbers|key|epub|rtf)$/iu
const CODE =
  /\.(?:[cm]?[jt]sx?|py|pyi|rb|php|pl|lua|go|rs|java|kt|kts|scala|swift|c|h|cc|cpp|cxx|hpp|m|mm|cs|fs|vb|sh|bash|zsh|fish|ps1|bat|cmd|sql|r|jl|ex|exs|erl|hs|elm|clj|lisp|scm|ml|mli|dart|zig|nim|v|vue|svelte|astro|html?|xml|css|scss|sass|less|json|jsonc|ya?ml|toml|ini|cfg|conf|env|gradle|cmake|mk|tf|proto|graphql|diff|patch|ipynb)$|(?:^|\/)(?:makefile|dockerfile|rakefile|gemfile|cmakelists\.txt)$/iu

const SIGNATURES: readonly [Unread, ...string[]][] = [
  ['image', '\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', '\0\0\x01\0', '8BPS'],
  ['media', 'ID3', 'fLaC', 'OggS', '\x1aE\xdf\xa3', 'RIFF'],
  ['archive', 'PK\x03\x04', 'PK\x05\x06', '\x1f\x8b', '7z\xbc\xaf', 'Rar!', '\xfd7zXZ', 'BZh', '\x28\xb5\x2f\xfd'],
  ['office', '\xd0\xcf\x11\xe0', '{\\rtf'],
  ['program', '\x7fELF', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\0asm'],
  ['binary', 'SQLite format 3', 'GGUF'],
]
/** Where a reader looks for the mark of a PDF. */
const PDF_WITHIN = 1024

/** @returns how a file is to be read, or what it is instead of something that can be */
export function kindOf(name: string, bytes: Uint8Array): DocumentKind | Unread {
  const start = Buffer.from(bytes.subarray(0, PDF_WITHIN)).toString('latin1')
  if (start.includes('%PDF-')) return 'pdf'
  for (const [unread, ...marks] of SIGNATURES) {
    if (!marks.some((mark) => start.startsWith(mark))) continue
    if (unread === 'archive' && OFFICE.test(name)) return 'office'
    return start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP' ? 'image' : unread
  }
  if (start.slice(4, 8) === 'ftyp') return /^(?:heic|heix|avif|mif1)/.test(start.slice(8, 12)) ? 'image' : 'media'
  if (start.startsWith('MZ') && start.includes('\0')) return 'program'
  if (start.startsWith('BM') && start.includes('\0')) return 'image'
  if (/\.pdf$/iu.test(name)) return 'binary'
  if (/\.(?:md|markdown|mdx)$/iu.test(name)) return 'markdown'
  return CODE.test(name) ? 'code' : 'text'
}
