// What changed between two short texts, word by word.

/**
 * @returns one line: words of both as they are, "[-…-]" around those that went, "{+…+}" around those that came
 *   (longest common subsequence; the texts are short)
 */
export function differenceOf(before: string, after: string): string {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  const length = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => length[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = length[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const parts: { kind: 'same' | 'gone' | 'new'; words: string[] }[] = []
  const add = (kind: 'same' | 'gone' | 'new', word: string) => {
    const last = parts.at(-1)
    if (last?.kind === kind) last.words.push(word)
    else parts.push({ kind, words: [word] })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && left === right) {
      add('same', left)
      i += 1
      j += 1
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      add('gone', left)
      i += 1
    } else if (right !== undefined) {
      add('new', right)
      j += 1
    }
  }
  const marked = {
    same: (text: string) => text,
    gone: (text: string) => `[-${text}-]`,
    new: (text: string) => `{+${text}+}`,
  }
  return parts.map(({ kind, words }) => marked[kind](words.join(' '))).join(' ')
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '')
}
