// Two versions of a sentence as one list of parts, in phrases rather than single words.
import { diffWordsWithSpace } from 'diff'

export interface DiffPart {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** Unchanged text between two changes that is no word: a gap a reader does not want to see. */
const GLUE = /^[\s\p{P}]*$/u

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
  const changes = diffWordsWithSpace(before, after)
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
