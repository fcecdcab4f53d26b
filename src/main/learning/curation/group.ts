// What a clean-up suggests: some items, why, and what would be left of them.
import type { CurationKind } from '../../../shared/contract/curation.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { Change } from '../protocol.ts'
import type { MemoryRow } from '../rows.ts'

export interface CurationGroup {
  kind: CurationKind
  store: StoreId
  /** The one that stays stands first, where one does. */
  items: readonly MemoryRow[]
  /** What the items become; null: they are put away. */
  after: string | null
  /** Follows from a rule that can lose nothing: may be carried out unasked where the person allows that. */
  safe: boolean
  change: Change
}

/** Names a group while none of its items changed. */
export function keyOf({ kind, items }: CurationGroup): string {
  return [kind, ...items.map(({ id, version }) => `${id}.${version}`)].join(' ')
}

/** What a person wrote or pinned is touched by nothing they did not ask for. */
export function isProtected({ items }: CurationGroup): boolean {
  return items.some(({ pinned, author }) => pinned || author === 'person')
}
