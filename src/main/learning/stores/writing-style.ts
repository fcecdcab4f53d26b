// How the person writes, counted by plain code in texts of their own; used when they ask for a draft.

import { z } from 'zod'
import type { ReadHandle } from '../../database/database.ts'
import { defineStore, renderLines } from '../define-store.ts'
import { quoteIn } from '../evidence.ts'
import type { Evidence, Found, ItemContent, StoredItem, WholeTurn } from '../protocol.ts'
import { itemsOf } from './items.ts'
import { readTraits, TRAITS, type Trait, traitText } from './writing-traits.ts'

export const styleContent = z.strictObject({
  trait: z.string().min(1).max(40).meta({ hidden: true }),
  /** What most of the texts show. */
  reading: z.string().min(1).max(200).meta({ hidden: true }),
  /** How many texts showed what. */
  votes: z.record(z.string().max(80), z.int().min(1)).default({}),
  /** The person said it themselves: no count changes it. */
  byHand: z.boolean().default(false).meta({ hidden: true }),
})
type StyleContent = z.infer<typeof styleContent>

export const WRITING_STYLE = 'writing_style'
/** A text of the person's own, kept to show how they write. It stands in no prompt but that of a rewriting. */
export const SAMPLE = 'sample'
/** What they say of their style themselves. */
const WISH = 'wish'
/** All but the samples. */
const SHOWN = [...TRAITS, WISH]
const MOST_SHOWN = TRAITS.length * 3
/** Shorter texts of the person are talk, not writing. In words. */
const LEAST_WORDS = 40
const LONGEST_QUOTE = 300

export const writingStyle = defineStore<StyleContent>({
  id: WRITING_STYLE,
  title: 'Writing style',
  schema: styleContent,
  policy: { basic: false, dated: false, compareBy: 'own', silentKinds: [SAMPLE] },
  learn: {
    labels: {},
    found: () => null,
    known: ({ owner }, db) => traitsOf(db, owner),
    turn: (input) =>
      ownTexts(input).flatMap(({ text, start }) => measured(text, quoted(text, start, input), input.known)),
    // What they made of a draft is how they want it.
    reaction: ({ edited, turn, at }, known) => {
      if (edited === null || words(edited) < LEAST_WORDS / 2) return []
      const { conversationId } = turn
      return measured(edited, [{ origin: 'hand', conversationId, quote: edited.slice(0, LONGEST_QUOTE), at }], known)
    },
    relate: () => 'both',
    process: (_turn, { item, evidence }, [first]) =>
      first?.named
        ? [{ action: 'update', id: first.id, base: first.version, item, evidence }]
        : [{ action: 'add', item, evidence }],
  },
  async recall({ owner, text }, db) {
    if (!ASKS_FOR_DRAFT.test(text)) return null
    return traitsOf(db, owner)
  },
  render: (items, budget) => renderLines(items, budget, ({ text }) => `How the user writes: ${text}`),
  fromHand: (text, before) => ({
    kind: before?.kind ?? WISH,
    text,
    content: { trait: before?.content.trait ?? WISH, reading: text.slice(0, 200), votes: {}, byHand: true },
  }),
})

/** @returns what is known of how the person writes */
export function traitsOf(db: ReadHandle, owner: string): Promise<StoredItem<StyleContent>[]> {
  return itemsOf<StyleContent>(db, { owner, store: WRITING_STYLE, kinds: SHOWN, limit: MOST_SHOWN })
}

/** Something to write in the person's name. */
const ASKS_FOR_DRAFT =
  /\b(?:draft|rewrite|rephrase|reword|proofread|polish|compose|ghost-?write|(?:write|prepare|make|create|send|do|finish)\b.{0,40}\b(?:e-?mails?|mails?|letters?|repl(?:y|ies)|answers?|messages?|notes?|posts?|articles?|texts?|invitations?|announcements?|cover letters?|applications?|speech|toasts?|memos?|reports?|newsletters?|updates?|thank-?yous?)|repl(?:y|ies) to|respond to|answer (?:him|her|them|this|the)\b|in my (?:style|voice|words|tone)|how I write|entwurf|schreib\w*|antwort\w*|rédige\w*|écri[st]\w*|réponds|escrib\w+|redacta\w*)\b/iu
/** What the person says is their own text stands after such words. */
const OWN_TEXT =
  /(?:^|\n)[^\n]{0,120}\b(?:my (?:own )?(?:draft|text|e-?mail|mail|letter|reply|message|post|essay|article|report|version|notes?|cover letter|speech)|(?:I|I['’]ve|I have) (?:wrote|written|drafted|sent)|what I (?:wrote|have|sent)|how I (?:usually )?(?:write|wrote))\b[^\n]{0,120}?(?::|\n)\s*/iu

interface OwnText {
  text: string
  start: number
}

/** Texts the person wrote: what they say is theirs, else a message long enough to be writing. */
function ownTexts({ turn, own }: WholeTurn<StyleContent>): OwnText[] {
  const { userText } = turn
  const announced = OWN_TEXT.exec(userText)
  if (announced) {
    const start = announced.index + announced[0].length
    const text = userText.slice(start).replace(/^\s*["“”']+|["“”'\s]+$/gu, '')
    return words(text) >= LEAST_WORDS / 2 ? [{ text, start: userText.indexOf(text, start) }] : []
  }
  const [first] = own
  const last = own.at(-1)
  if (!first || !last) return []
  const text = userText.slice(first.start, last.end)
  // Somebody else's words between the sentences: the whole is not theirs.
  const share = own.reduce((sum, sentence) => sum + sentence.text.length, 0) / text.length
  return share > 0.9 && words(text) >= LEAST_WORDS ? [{ text, start: first.start }] : []
}

function quoted(text: string, start: number, { turn }: WholeTurn<StyleContent>): Evidence[] {
  const quote = text.slice(0, LONGEST_QUOTE).replace(/[\uD800-\uDBFF]$/u, '')
  return [quoteIn(turn, { quote, start, end: start + quote.length })]
}

/** @returns what a text of the person shows of how they write, counted on top of what is known */
export function measured(
  text: string,
  evidence: Evidence[],
  known: readonly StoredItem<StyleContent>[],
): Found<StyleContent>[] {
  return readTraits(text).flatMap((trait): Found<StyleContent>[] => {
    const before = known.find(({ kind }) => kind === trait.trait)
    if (before?.content.byHand) return []
    return [{ item: counted(trait, before), evidence, ...(before ? { about: before.id } : {}) }]
  })
}

/** One more text that shows this; of what as many show, the newest holds. */
function counted({ trait, reading }: Trait, before: StoredItem<StyleContent> | undefined): ItemContent<StyleContent> {
  const votes = { ...before?.content.votes, [reading]: (before?.content.votes[reading] ?? 0) + 1 }
  const most = Math.max(...Object.values(votes))
  const kept = votes[reading] === most ? reading : (before?.content.reading ?? reading)
  return {
    kind: trait,
    text: traitText({ trait, reading: kept }),
    content: { trait, reading: kept, votes, byHand: false },
  }
}

function words(text: string): number {
  return text.split(/\s+/u).filter((word) => /\p{L}/u.test(word)).length
}
