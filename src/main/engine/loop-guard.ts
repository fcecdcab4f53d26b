// Sees when a model writes the same over and over, as small ones do until the answer's limit ends them.

/** So many times in a row, word for word, before it counts as a loop. */
const leastRepeats = 8
/** And so many characters: about half a minute of writing on a slow machine. */
const leastCharacters = 1600
/** A unit this short, or without letters (rows of zeros, a ruler of dashes), may well be what was asked for. */
const shortUnit = 16
const leastOfShortUnits = 6000
/** In a block of code equal lines are common. */
const codeFactor = 2
/** Looked at again after so many characters. */
const step = 64
const fence = /^\s*(?:```|~~~)/

/**
 * Is told a text as it grows and says when its end is a loop: one unit, word for word, at least eight times in a row
 * over at least 1,600 characters (6,000 for units that are short or hold no letters, twice as much in code). A list whose
 * items differ, even by their number alone, is none; the answer's limit ends those that never stop.
 */
export class LoopGuard {
  #tail = ''
  #unseen = 0
  #line = ''
  #inCode = false

  /** @returns true once the text so far ends in a loop */
  add(piece: string): boolean {
    this.#followCode(piece)
    this.#tail = (this.#tail + piece).slice(-leastOfShortUnits * codeFactor)
    this.#unseen += piece.length
    if (this.#unseen < step) return false
    this.#unseen = 0
    return endsInLoop(this.#tail, this.#inCode ? codeFactor : 1)
  }

  #followCode(piece: string): void {
    const lines = (this.#line + piece).split('\n')
    this.#line = lines.pop() ?? ''
    for (const line of lines) if (fence.test(line)) this.#inCode = !this.#inCode
  }
}

/** @param factor how much longer than usual a loop must be */
function endsInLoop(text: string, factor: number): boolean {
  if (text.length < leastCharacters * factor) return false
  const same = sharedEnds(text)
  const longest = Math.floor(text.length / leastRepeats)
  for (let unit = 1; unit <= longest; unit++) {
    const length = unit + (same[unit] ?? 0)
    if (length < unit * leastRepeats || length < leastCharacters * factor) continue
    const plain = unit < shortUnit || !/\p{L}/u.test(text.slice(-unit))
    if (length >= (plain ? leastOfShortUnits : leastCharacters) * factor) return true
  }
  return false
}

/**
 * @returns for each number n how many characters the text's end has in common with the end of the text without its last
 *   n characters (the Z function of the text read backwards): what repeats every n characters
 */
function sharedEnds(text: string): Uint32Array {
  const last = text.length - 1
  const at = (index: number) => text.charCodeAt(last - index)
  const shared = new Uint32Array(text.length)
  let left = 0
  let right = 0
  for (let index = 1; index < text.length; index++) {
    let length = index < right ? Math.min(right - index, shared[index - left] ?? 0) : 0
    while (index + length < text.length && at(length) === at(index + length)) length++
    shared[index] = length
    if (index + length > right) {
      left = index
      right = index + length
    }
  }
  return shared
}
