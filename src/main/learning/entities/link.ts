// Ties items to the entities they speak of, in the transaction that writes them.
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { WriteHandle } from '../../database/database.ts'
import type { Batch } from '../change/write.ts'
import type { Change, EntityRef, Evidence, Found, ItemContent, LearningStore, Mention } from '../protocol.ts'
import { chooseEntity, entitiesNamed } from './find.ts'
import { foldName, refOf } from './names.ts'
import { resolveEntity } from './resolve.ts'

type Item = ItemContent<Record<string, unknown>>

/** Of several names in one sentence the two that matter most are linked. */
const WEIGHT: readonly EntityType[] = ['person', 'project', 'organization', 'thing', 'place']

/**
 * An item of any store names those that stand in its quote. An item that says itself whom it is about keeps that.
 * @param mentions of the message the item comes from
 */
export function withMentions(found: Found, mentions: readonly Mention[]): Found {
  const { item, evidence } = found
  if (item.subject !== undefined || item.object !== undefined) return found
  const inside = mentions.filter((mention) =>
    evidence.some(
      ({ start, end }) => start !== undefined && end !== undefined && mention.start >= start && mention.end <= end,
    ),
  )
  const names = [...new Map(inside.map((mention) => [foldName(mention.name), mention])).values()]
  const [subject, object] = names.sort((a, b) => WEIGHT.indexOf(a.type) - WEIGHT.indexOf(b.type) || a.start - b.start)
  if (!subject) return found
  return { ...found, item: { ...item, subject: refOf(subject), object: object ? refOf(object) : null } }
}

/**
 * @returns the item with the entities of its names. Words that are not the person's own make nobody known: they are
 *   tied to whom is known already.
 */
export async function linkItem(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  item: Item,
  evidence: readonly Evidence[],
): Promise<Item> {
  const trusted = batch.decided === true || evidence.some(({ origin }) => store.policy.trusted.includes(origin))
  const { namespace } = store.policy.scope
  const find = async (ref: EntityRef | null | undefined): Promise<EntityId | null> => {
    if (!ref) return null
    if (trusted) return resolveEntity(tx, batch, ref, evidence, namespace)
    const named = await entitiesNamed(tx, batch.owner, [ref.name], namespace)
    return chooseEntity(named, ref.type, ref.certain).entity?.id ?? null
  }
  const linked: Item = { ...item }
  if (item.subject !== undefined) linked.subjectId = await find(item.subject)
  if (item.object !== undefined) linked.objectId = await find(item.object)
  if (item.ends) {
    const ids: EntityId[] = []
    for (const ref of item.ends) {
      const id = await find(ref)
      if (id) ids.push(id)
    }
    linked.endedIds = ids
  }
  return linked
}

/** The items of changes, tied anew where a change has a name in the place of another ("Lyon, not Paris"). */
export async function linkChanges(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  changes: readonly Change[],
): Promise<Change[]> {
  const linked: Change[] = []
  for (const change of changes) {
    if (change.action === 'add')
      linked.push({ ...change, item: await linkItem(tx, batch, store, change.item, change.evidence) })
    else if (change.action === 'supersede') {
      linked.push({ ...change, by: await linkItem(tx, batch, store, change.by, change.evidence) })
    } else linked.push(change)
  }
  return linked
}
