// What a person wants never to be kept, in words of their own: what says them is left out of a store.
import type { Found } from './protocol.ts'
import { contentWords } from './words.ts'

/** @returns the first of the rules that a text says; null when it says none of them */
export function forbiddenBy(text: string, rules: readonly string[]): string | null {
  if (rules.length === 0) return null
  const said = new Set(contentWords(text))
  const says = (rule: string) => {
    const wanted = contentWords(rule)
    return wanted.length > 0 && wanted.every((word) => said.has(word))
  }
  return rules.find(says) ?? null
}

/** @returns whether a find, or what it rests on, says what is never to be kept */
export function isForbidden({ item, evidence }: Pick<Found, 'item' | 'evidence'>, rules: readonly string[]): boolean {
  return forbiddenBy([item.text, ...evidence.map(({ quote }) => quote)].join('\n'), rules) !== null
}
