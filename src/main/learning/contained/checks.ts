// Whether what a store suggests rests on what was said, and touches only what it was shown.
import type { Change, Evidence, FinishedTurn, Found, KnownItem } from '../protocol.ts'

/**
 * Words of the person are words of a message; acts by hand are none of a turn.
 * @param turn null: the change is no part of one
 * @param found what the change came of; its own sources were checked before
 * @param byHand the person pressed a button or edited an answer
 */
export function isFoundedOn(
  evidence: readonly Evidence[],
  turn: FinishedTurn | null,
  found: Found | null,
  byHand = false,
): boolean {
  return evidence.every((source) => {
    if (found?.evidence.some(({ origin, quote }) => origin === source.origin && quote === source.quote)) return true
    if (source.origin === 'hand') return byHand
    return source.origin !== 'user' || (turn !== null && isSaid(source, turn))
  })
}

function isSaid({ quote, messageId }: Evidence, turn: FinishedTurn): boolean {
  if (quote === '') return false
  if (messageId === turn.messageId) return turn.userText.includes(quote)
  return turn.before.some(({ id, role, text }) => role === 'user' && id === messageId && text.includes(quote))
}

/** Whether a change names items it was shown alone, in the version it was shown. */
export function namesOnlyKnown(change: Change, near: readonly KnownItem[]): boolean {
  const isKnown = (id: string, base?: number) =>
    near.some((item) => item.id === id && (base === undefined || item.version === base))
  switch (change.action) {
    case 'add': {
      const { contests = [], outdated } = change
      return [...contests, ...(outdated ? [outdated.by] : [])].every(({ id, base }) => isKnown(id, base))
    }
    case 'merge':
      return change.ids.every((id) => isKnown(id))
    case 'link':
      return false
    case 'retire':
      return isKnown(change.id, change.base) && (change.by === undefined || isKnown(change.by))
    default:
      return isKnown(change.id, change.base)
  }
}
