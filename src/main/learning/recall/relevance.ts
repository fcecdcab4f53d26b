// The floor: what is too little to stand in a prompt, however high it ranks. First whether anything answers the question
// at all, then which of the hits are as good as that.
import type { Question } from './question.ts'
import type { Candidate, Scored } from './score.ts'
import type { Tuning } from './weights.ts'

/** What suits a person rarely sounds like what they ask: for a question about themselves this much less is near. */
const PERSONAL_EASE = 0.06
/** Share of the question's words that is much without nearness. */
const MUCH_COVER = 0.5
/** Share of what the question is about, in other words than its own, that says that a memory is about it. */
const MUCH_OF_THE_MATTER = 0.5
/** What somebody else wrote must have as much, in so many words, and be near as well: it may be written to be recalled. */
const FOREIGN_WORDS = 2
/** Of the best hit's score, what the others must have. */
const SHARE_OF_BEST = 0.5

/** Whether a hit by itself says that something known is asked about. */
export function isEvidence(
  question: Question,
  { similarity, typical, voice, isLinked }: Candidate,
  { matched, named, signals: { cover, concepts } }: Scored,
  { close, far, apart }: Tuning,
): boolean {
  const ease = question.isPersonal ? PERSONAL_EASE : 0
  const near = similarity !== null && (typical > 0 ? similarity - typical >= apart : similarity >= close - ease)
  if (voice === 'quoted' || voice === 'document') {
    return matched.length >= FOREIGN_WORDS && cover >= MUCH_COVER && similarity !== null && similarity >= close
  }
  if (isLinked || near) return true
  if (voice === null && concepts >= MUCH_OF_THE_MATTER) return true
  if (similarity !== null && similarity < far) return false
  return named.length > 0 || cover >= MUCH_COVER || matched.length >= 3
}

/**
 * Whether a hit is good enough beside the best one that is evidence: evidence itself, or the person's and the
 * assistant's words that share some with the question or stand next to such as have much of it.
 */
export function isGoodEnough(
  { voice }: Candidate,
  { score, matched, signals }: Scored,
  evidence: boolean,
  best: number,
): boolean {
  if (score < best * SHARE_OF_BEST) return false
  if (evidence) return true
  if (voice === 'quoted' || voice === 'document') return false
  return matched.length > 0 || signals.coverAround >= MUCH_COVER
}
