// Ties items to the entities they speak of, in the transaction that writes them.
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import type { Batch } from '../change/batch.ts'
import { waits } from '../change/write.ts'
import { readMentions } from '../extraction/mentions.ts'
import { findNames } from '../extraction/mentions-find.ts'
import { ownWords } from '../extraction/own-words.ts'
import { splitSentences } from '../extraction/sentences.ts'
import type {
  Change,
  EntityRef,
  Evidence,
  FinishedTurn,
  Found,
  ItemContent,
  LearningStore,
  Mention,
} from '../protocol.ts'
import { type MemoryRow, readMemory } from '../rows.ts'
import { foldSentence } from '../words.ts'
import { chooseEntity, entitiesNamed, knownTypes } from './find.ts'
import { foldName, refOf } from './names.ts'
import { resolveEntity } from './resolve.ts'
import { rootsOf } from './rows.ts'

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
      ({ start, end, origin }) =>
        // What is written by hand is its own quote.
        origin === 'hand' || (start !== undefined && end !== undefined && mention.start >= start && mention.end <= end),
    ),
  )
  const names = [...new Map(inside.map((mention) => [foldName(mention.name), mention])).values()]
  const [subject, object] = names.sort((a, b) => WEIGHT.indexOf(a.type) - WEIGHT.indexOf(b.type) || a.start - b.start)
  if (!subject) return found
  return { ...found, item: { ...item, subject: refOf(subject), object: object ? refOf(object) : null } }
}

/**
 * @returns the item with the entities of its names. Words that are not the person's own, or wait for a decision, make
 *   nobody known: they are tied to whom is known already.
 */
export async function linkItem(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  item: Item,
  evidence: readonly Evidence[],
): Promise<Item> {
  const said = evidence.some(({ origin }) => store.policy.trusted.includes(origin))
  const trusted = batch.decided === true || (said && !waits(batch, store))
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

/**
 * Everybody and everything the person's statements name is known from then on, in the directory too where no item is
 * tied to them.
 * @param mentions of a message that something was learned from
 */
export async function knowMentions(
  tx: WriteHandle,
  batch: Batch,
  mentions: readonly Mention[],
  evidence: readonly Evidence[],
): Promise<void> {
  const names = new Map(mentions.map((mention) => [`${mention.type} ${foldName(mention.name)}`, mention]))
  for (const mention of names.values()) await resolveEntity(tx, batch, refOf(mention), evidence)
}

/**
 * "Nimbus, not Quill": where new words have another name in the place of the one an item was tied to, they are tied to
 * that one.
 * @param changes what a correction changes
 */
export async function relinkCorrected(tx: WriteHandle, batch: Batch, changes: readonly Change[]): Promise<Change[]> {
  const relinked: Change[] = []
  for (const change of changes) {
    const item = change.action === 'supersede' ? change.by : change.action === 'update' ? change.item : null
    const row = item && change.action !== 'add' && 'id' in change ? await readMemory(tx, batch.owner, change.id) : null
    if (!item || !row) {
      relinked.push(change)
      continue
    }
    const ids = await correctedEnds(tx, batch, row, item.text, change.evidence)
    if (change.action === 'supersede') relinked.push({ ...change, by: { ...change.by, ...ids } })
    else if (change.action === 'update') relinked.push({ ...change, item: { ...change.item, ...ids } })
  }
  return relinked
}

async function correctedEnds(
  tx: WriteHandle,
  batch: Batch,
  row: MemoryRow,
  text: string,
  evidence: readonly Evidence[],
): Promise<{ subjectId: EntityId | null; objectId: EntityId | null }> {
  const roots = await rootsOf(
    tx,
    batch.owner,
    [row.subjectId, row.objectId].filter((id) => id !== null),
  )
  const before = ` ${foldSentence(row.text)} `
  const now = ` ${foldSentence(text)} `
  const fresh = findNames(splitSentences(text), () => true).filter(
    ({ name }) => !before.includes(` ${foldSentence(name)} `),
  )
  const [name] = fresh
  const end = async (id: EntityId | null) => {
    const known = id ? roots.get(id) : undefined
    if (!known || !name || fresh.length > 1 || now.includes(` ${foldSentence(known.name)} `)) return id
    const ref = { name: name.name, type: known.type, certain: true }
    return resolveEntity(tx, batch, ref, evidence, known.namespace)
  }
  return { subjectId: await end(row.subjectId), objectId: await end(row.objectId) }
}

/**
 * Kinds of the entities known by names of a message and of what the person said right before, so that nobody is asked
 * what they stand for.
 */
export async function knownOfTurn(db: ReadHandle, turn: FinishedTurn): Promise<Map<string, EntityType[]>> {
  const before = turn.before.filter(({ role }) => role === 'user').map(({ text }) => text)
  const names = [turn.userText, ...before].flatMap((text) => findNames(ownWords(text).sentences, () => true))
  return knownTypes(
    db,
    turn.owner,
    names.map(({ name }) => name),
  )
}

/** Names in a text written by hand. */
export function mentionsOfHand(text: string): Mention[] {
  const mentions = readMentions(undefined, { own: splitSentences(text) })
  // "Walden" in a reading list: a name with nothing said of it is nobody yet.
  return mentions.filter(({ name }) => foldName(name) !== foldName(text))
}
