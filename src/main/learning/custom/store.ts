// From a definition a person made to a store like any other: what to look for is a label of the labelling call, what is
// said by the store's name ("add milk to my shopping list") goes by rules.

import type { CustomStoreDefinition } from '../../../shared/custom-store.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { defineStore, renderLines } from '../define-store.ts'
import { quoteIn } from '../evidence.ts'
import type { Found, LearningStore, WholeTurn } from '../protocol.ts'
import { itemsOf } from '../stores/items.ts'
import { asTitle, meant, saidIn } from '../stores/said.ts'
import { type CustomContent, customContent, fieldText, readFields } from './fields.ts'

/** Items that a turn's "remove … from my list" is looked for among; the newest. */
const MOST_KNOWN = 500
const REMOVED = 'removed'

/**
 * @param owner whose it is: it learns from nobody else
 */
export function customStore(
  id: StoreId,
  definition: CustomStoreDefinition,
  owner: string,
): LearningStore<CustomContent> {
  const { title, icon, lookFor, example, fields, mode, namespace } = definition
  const ask = labelOf(title)
  const inName = escaped(title)
  const add = new RegExp(
    `^(?:(?:please|also|and|ok|okay|hey),?\\s+)*(?:(?:can|could|would) you\\s+)?(?:please\\s+)?(?:add|put|note(?: down)?|write(?: down)?|save|enter|log)\\s+(?<what>.+?)\\s+(?:to|on|onto|in|into|under)\\s+(?:my|the|our)\\s+${inName}(?<rest>\\b.*)?$`,
    'iu',
  )
  const direct = new RegExp(`^${inName}\\s*:\\s*(?<what>.+)$`, 'iu')
  const remove = new RegExp(
    `^(?:(?:please|also|and|ok|okay),?\\s+)*(?:remove|delete|take|strike|cross|drop)\\s+(?<what>.+?)\\s+(?:from|off)\\s+(?:of\\s+)?(?:my|the|our)\\s+${inName}\\b`,
    'iu',
  )

  function readTurn({ turn, own, known }: WholeTurn<CustomContent>): Found<CustomContent>[] {
    return own.flatMap((sentence): Found<CustomContent>[] => {
      const said = sentence.text.replace(/[.!?\s]+$/u, '')
      const evidence = [saidIn(turn, sentence)]
      const gone = remove.exec(said)?.groups?.['what']
      const item = gone ? meant(gone, known) : null
      if (item) {
        return [{ item: { ...item, kind: REMOVED }, evidence, about: item.id, whole: true, asked: true }]
      }
      const added = add.exec(said)?.groups ?? direct.exec(said)?.groups
      if (!added) return []
      const content = readFields(fields, `${added['what']}${added['rest'] ?? ''}`, turn.at, turn.timeZone)
      const text = asTitle(added['what'] ?? '')
      return text === '' ? [] : [{ item: { kind: 'entry', text, content }, evidence, whole: true, asked: true }]
    })
  }

  const store = defineStore<CustomContent>({
    id,
    title,
    schema: customContent,
    fields: fields.map(({ key, label, type, choices }) => ({ key, label, type, choices, fixed: false })),
    policy: { basic: true, defaultMode: mode, scope: { namespace }, compareBy: 'own' },
    learn: {
      labels: { [ask]: { when: lookFor, example } },
      known: ({ owner: of }, db) => itemsOf<CustomContent>(db, { owner: of, store: id, limit: MOST_KNOWN }),
      turn: readTurn,
      found: (sentence, turn) => ({
        item: {
          kind: 'entry',
          text: sentence.statement,
          content: readFields(fields, sentence.quote, turn.at, turn.timeZone),
          validFrom: sentence.from ?? turn.at,
        },
        evidence: sentence.sources.map((source) => quoteIn(turn, source)),
      }),
    },
    render: (items, budget) =>
      renderLines(items, budget, ({ text, content }) => {
        const facts = fields.flatMap((field) => fieldText(field, content[field.key] ?? null) ?? [])
        return `${title}: ${text}${facts.length > 0 ? ` [${facts.join('; ')}]` : ''}`
      }),
    fromHand: (text, before, { at, timeZone }) => ({
      kind: 'entry',
      text,
      content: { ...before?.content, ...readFields(fields, text, at, timeZone) },
    }),
  })
  const { process } = store
  return {
    ...store,
    ownedBy: owner,
    icon,
    process: (turn, found, near) => {
      const [item] = near
      if (found.item.kind !== REMOVED || !item) return process(turn, found, near)
      return [{ action: 'retire', id: item.id, base: item.version, reason: REMOVED, evidence: found.evidence }]
    },
  }
}

/** A word for the labelling call, made of the store's name. */
function labelOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '_')
    .replace(/^_+|_+$/gu, '')
  return words === '' ? 'own_list' : words.slice(0, 30)
}

function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&').replace(/\s+/gu, '\\s+')
}
