// Finds formulas in markdown and writes them all in the one form the parser knows, `$$ … $$`. Models write `\( … \)`,
// `\[ … \]` and `$ … $` as well; prices ("$5 and $10") and names of variables ("$HOME") are left alone.
import { FORMULA_MAX } from './limits.ts'

const FENCE = /^[ \t]*(?<fence>`{3,}|~{3,})/

/** @param growing the end of the text may be half a formula, which is held back until it is whole */
export function markMath(text: string, growing: boolean): string {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return text
  let out = ''
  for (let at = 0; at < text.length; ) {
    const piece = readAt(text, at, growing)
    out += piece.write
    at = piece.next
  }
  return out
}

interface Piece {
  write: string
  /** Where to go on. */
  next: number
}

function readAt(text: string, at: number, growing: boolean): Piece {
  switch (text[at]) {
    case '`':
    case '~':
      return readCode(text, at)
    case '\\':
      return readBackslash(text, at, growing)
    case '$':
      return text[at + 1] === '$' ? readDouble(text, at, growing) : readSingle(text, at)
    default: {
      const next = nextMark(text, at + 1)
      return { write: text.slice(at, next), next }
    }
  }
}

function nextMark(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if ('`~\\$'.includes(text[at] ?? '')) return at
  }
  return text.length
}

/** Code is passed over as it is, a fence to its end. */
function readCode(text: string, at: number): Piece {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  const mark = text[at]
  let run = at
  while (text[run] === mark) run++
  const marks = text.slice(at, run)
  const fence = FENCE.exec(text.slice(lineStart, run))?.groups?.['fence']
  if (fence !== undefined && text.slice(lineStart, at).trim() === '') {
    const end = text.indexOf(`\n${text.slice(lineStart, at)}${marks}`, run)
    const next = end < 0 ? text.length : end + 1 + (at - lineStart) + marks.length
    return { write: text.slice(at, next), next }
  }
  if (mark === '~') return { write: marks, next: run }
  const close = closingRun(text, run, marks.length)
  const next = close < 0 ? run : close + marks.length
  return { write: text.slice(at, next), next }
}

function closingRun(text: string, from: number, length: number): number {
  for (let at = text.indexOf('`', from); at >= 0; ) {
    let end = at
    while (text[end] === '`') end++
    if (end - at === length) return at
    at = text.indexOf('`', end)
  }
  return -1
}

function readBackslash(text: string, at: number, growing: boolean): Piece {
  const open = text[at + 1]
  if (open !== '(' && open !== '[') return { write: text.slice(at, at + 2), next: at + 2 }
  const close = text.indexOf(open === '(' ? '\\)' : '\\]', at + 2)
  if (close < 0) return open === '[' && growing ? heldBack(text, at) : { write: text.slice(at, at + 2), next: at + 2 }
  const tex = text.slice(at + 2, close)
  if (!isFormula(tex)) return { write: text.slice(at, at + 2), next: at + 2 }
  return { write: formula(text, at, tex, close + 2, open === '['), next: close + 2 }
}

function readDouble(text: string, at: number, growing: boolean): Piece {
  const close = text.indexOf('$$', at + 2)
  if (close < 0) return growing ? heldBack(text, at) : { write: '\\$\\$', next: at + 2 }
  const tex = text.slice(at + 2, close)
  if (!isFormula(tex)) return { write: '\\$\\$', next: at + 2 }
  return { write: formula(text, at, tex, close + 2, true), next: close + 2 }
}

function readSingle(text: string, at: number): Piece {
  const close = text.indexOf('$', at + 1)
  const tex = close < 0 ? '' : text.slice(at + 1, close)
  const outside = !/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[close + 1] ?? ' ')
  const inside = tex !== '' && tex.trim() === tex && !tex.includes('\n') && !tex.endsWith('\\')
  if (!outside || !inside || !isFormula(tex) || !looksLikeMath(tex)) return { write: '$', next: at + 1 }
  return { write: formula(text, at, tex, close + 1, false), next: close + 1 }
}

/** Between single dollars there may be prose with prices in it: what says that it is a formula? */
function looksLikeMath(tex: string): boolean {
  if (/\\[a-zA-Z]/.test(tex)) return true
  const words = tex.match(/[a-zA-Z]{3,}/g)?.length ?? 0
  if (/[\^_=+<>]|\d\s*[*/-]|[a-zA-Z]\s+-\s+/.test(tex)) return words < 2
  return words === 0 || (words === 1 && !/[\s/]/.test(tex))
}

function isFormula(tex: string): boolean {
  return tex.trim() !== '' && tex.length <= FORMULA_MAX && !tex.includes('$') && !/\n[ \t]*\n/.test(tex)
}

/** Stands alone on its lines: a formula of its own; else part of the sentence. */
function formula(text: string, start: number, tex: string, end: number, display: boolean): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const before = text.slice(lineStart, start)
  const after = text.slice(end, text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end))
  if (!display || before.trim() !== '' || after.trim() !== '') return `$$${tex.replaceAll('\n', ' ')}$$`
  const lines = tex.trim().split('\n')
  return ['$$', ...lines.map((line) => before + line.trim()), `${before}$$`].join('\n')
}

/** Half a formula at the end of a growing text would be shown as an error: it comes when it is whole, or turns out to be none. */
function heldBack(text: string, at: number): Piece {
  const rest = text.slice(at)
  const tex = rest.slice(2)
  if (tex !== '' && !isFormula(tex) && tex.trim() !== '')
    return { write: `\\${text[at]}\\${text[at + 1]}`, next: at + 2 }
  return { write: '', next: text.length }
}
