// What a memory rests on: made from the person's words in a turn, and read back from the database.
import type { Sentence } from './extraction/sentences.ts'
import type { Evidence, FinishedTurn } from './protocol.ts'
import type { EvidenceRow } from './rows.ts'

type Turn = Pick<FinishedTurn, 'conversationId' | 'messageId' | 'at'>

/** A stretch of the person's message as evidence. */
export function quoteIn(
  { conversationId, messageId, at }: Turn,
  { quote, start, end }: { quote: string; start: number; end: number },
): Evidence {
  return { origin: 'user', conversationId, messageId, quote, start, end, at }
}

/** The person's own sentence as evidence. */
export function saidIn(turn: Turn, { text, start, end }: Sentence): Evidence {
  return quoteIn(turn, { quote: text, start, end })
}

/** Of a turn that came in with an import: its words are nobody's own, whatever they were read as. An act by hand stays. */
export function asImported(sources: readonly Evidence[]): Evidence[] {
  return sources.map((source) => (source.origin === 'hand' ? source : { ...source, origin: 'import' }))
}

/** A row as the evidence it was written from. */
export function evidenceOf({
  origin,
  conversationId,
  messageId,
  documentId,
  quote,
  start,
  end,
  at,
}: EvidenceRow): Evidence {
  return {
    origin,
    quote,
    at,
    ...(conversationId ? { conversationId } : {}),
    ...(messageId ? { messageId } : {}),
    ...(documentId ? { documentId } : {}),
    ...(start === null ? {} : { start }),
    ...(end === null ? {} : { end }),
  }
}
