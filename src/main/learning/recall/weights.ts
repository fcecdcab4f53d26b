// How much each signal counts, by embedder. Tuned on development conversations between two people and on lists of single
// statements, each time on some and checked on the others (docs/quality.md).
import type { Weights } from './score.ts'

export interface Tuning {
  passage: Weights
  memory: Weights
  /** Cosine that texts about the same thing usually reach with this model. */
  close: number
  /** Cosine that texts which have nothing to do with each other stay under. */
  far: number
}

const PASSAGE: Weights = {
  words: 0.4,
  wordsBefore: 0.4,
  wordsAfter: 0.15,
  wordsAround: 0.3,
  threadBest: 0.3,
  threadCover: 0.3,
  near: 0.6,
  nearBefore: 0.07,
  nearAfter: 0,
  speaker: 0.5,
  otherSpeaker: -0.3,
  cover: 0.3,
  coverAround: 0.4,
  isQuestion: -0.3,
  length: 0.35,
}
const SMALL: Tuning = { passage: PASSAGE, memory: { ...PASSAGE, isQuestion: 0, length: 0 }, close: 0.32, far: 0.12 }

const TUNINGS: readonly { model: RegExp; tuning: Tuning }[] = [
  {
    model: /gemma/i,
    tuning: {
      passage: { ...PASSAGE, near: 1.4 },
      memory: { ...PASSAGE, near: 1.4, isQuestion: 0, length: 0 },
      close: 0.4,
      far: 0.25,
    },
  },
]

/** @param model the embedder's id; one that is not known is taken for a small one */
export function tuningOf(model: string): Tuning {
  return TUNINGS.find((entry) => entry.model.test(model))?.tuning ?? SMALL
}
