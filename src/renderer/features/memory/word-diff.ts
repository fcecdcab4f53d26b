// Two versions of a sentence as one list of parts, in phrases rather than single words.
import { diffWordsWithSpace } from 'diff'

export interface DiffPart {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** Unchanged text between two changes that is no word: a gap a reader does not want to see. */
const GLUE = /^[\s\p{P}]*$/u

/** Two long texts that differ in more than so many words are shown whole: finding each word would hold up the page. */
const MOST_EDITS = 400

export function diffPhrases(before: string, after: string): DiffPart[] {
  const parts: DiffPart[] = []
  let removed = ''
  let added = ''
  const flush = () => {
    if (removed !== '') parts.push({ kind: 'removed', text: removed })
    if (added !== '') parts.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  const changes = diffWordsWithSpace(before, after, { maxEditLength: MOST_EDITS }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ]
  changes.forEach((change, index) => {
    if (change.removed) removed += change.value
    else if (change.added) added += change.value
    else if (removed !== '' && added !== '' && index < changes.length - 1 && GLUE.test(change.value)) {
      removed += change.value
      added += change.value
    } else {
      flush()
      parts.push({ kind: 'same', text: change.value })
    }
  })
  flush()
  return parts
}
