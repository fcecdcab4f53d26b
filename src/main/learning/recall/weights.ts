// How much each signal counts, by embedder. Tuned on development conversations between two people and on lists of single
// statements, each time on some and checked on the others (docs/quality.md).
import type { Weights } from './score.ts'

export interface Tuning {
  passage: Weights
  memory: Weights
  /** For a question that asks for advice, of whatever kind a hit is. */
  advice: Weights
  /** Cosine that texts about the same thing usually reach with this model. */
  close: number
  /** Cosine that texts which have nothing to do with each other stay under. */
  far: number
  /** How much nearer than to typical requests a memory is to one for advice that it decides. */
  apart: number
}

const NOTHING: Weights = {
  words: 0,
  wordsBefore: 0,
  wordsAfter: 0,
  wordsAround: 0,
  threadBest: 0,
  threadCover: 0,
  near: 0,
  nearBefore: 0,
  nearAfter: 0,
  speaker: 0,
  otherSpeaker: 0,
  cover: 0,
  coverAround: 0,
  concepts: 0,
  answers: 0,
  isQuestion: 0,
  length: 0,
}
/** A stated taste rarely shares words with the request it decides, and stands for itself. */
const ADVICE: Weights = { ...NOTHING, near: 2, cover: 0.05, concepts: 0.25, isQuestion: -0.2 }

/** A small model of general sentences ranks worse than words do, a larger one made for search better. */
const SMALL: Tuning = {
  passage: {
    ...NOTHING,
    words: 0.4,
    wordsBefore: 0.4,
    wordsAfter: 0.15,
    wordsAround: 0.3,
    threadCover: 0.65,
    near: 0.6,
    nearBefore: 0.1,
    speaker: 0.6,
    otherSpeaker: -0.3,
    cover: 0.3,
    coverAround: 0.5,
    isQuestion: -0.3,
    length: 0.35,
  },
  memory: {
    ...NOTHING,
    near: 1.2,
    words: 0.15,
    cover: 0.5,
    speaker: 0.6,
    otherSpeaker: -0.3,
    concepts: 0.8,
    answers: 0.2,
  },
  advice: ADVICE,
  close: 0.32,
  far: 0.12,
  apart: 0.08,
}
const LARGE: Tuning = {
  passage: {
    ...NOTHING,
    words: 0.15,
    wordsBefore: 0.35,
    wordsAround: 0.1,
    threadBest: 0.35,
    threadCover: 0.25,
    near: 1.5,
    nearBefore: 0.3,
    nearAfter: 0.35,
    speaker: 0.6,
    otherSpeaker: -0.3,
    cover: 0.4,
    coverAround: 0.65,
    isQuestion: -0.3,
    length: 0.35,
  },
  memory: {
    ...NOTHING,
    near: 1.8,
    words: 0.1,
    cover: 0.5,
    speaker: 0.6,
    otherSpeaker: -0.3,
    concepts: 0.8,
    answers: 0.2,
  },
  advice: ADVICE,
  close: 0.4,
  far: 0.25,
  apart: 0.03,
}

const TUNINGS: readonly { model: RegExp; tuning: Tuning }[] = [{ model: /gemma/iu, tuning: LARGE }]

/** @param model the embedder's id; one that is not known is taken for a small one */
export function tuningOf(model: string): Tuning {
  return TUNINGS.find((entry) => entry.model.test(model))?.tuning ?? SMALL
}
