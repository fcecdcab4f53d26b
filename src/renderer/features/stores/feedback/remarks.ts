// What a reaction to an answer says, read from the row that keeps it.
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { messageId } from '../../../../shared/ids.ts'
import { hrefs } from '../../../app/router.ts'

export const SIGNALS = ['up', 'down', 'edit', 'regenerate', 'stop', 'irrelevant', 'words'] as const
export type Signal = (typeof SIGNALS)[number]

/** @returns how the person reacted; null of a row that is no reaction */
export function signalOf({ data }: Pick<StoreRow, 'data'>): Signal | null {
  return SIGNALS.find((signal) => signal === data['signal']) ?? null
}

/** @returns what the person said with it: what it should have been, or the beginning of the answer as they changed it */
export function saidWith(row: Pick<StoreRow, 'text' | 'data' | 'quote'>): string | null {
  const colon = row.text.indexOf(': ')
  if (colon >= 0) return row.text.slice(colon + 2)
  return signalOf(row) === 'edit' ? row.quote : null
}

/** @returns the address of the answer, or of the words, it is about; null where that is not kept */
export function placeOf({
  data,
  conversationId,
  messageId: said,
}: Pick<StoreRow, 'data' | 'conversationId' | 'messageId'>) {
  const answer = messageId.safeParse(data['answer']).data ?? said
  return conversationId && answer ? hrefs.message(conversationId, answer, null) : null
}
