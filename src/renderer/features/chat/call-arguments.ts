// The values of a tool call as a person reads and edits them: text as it is, anything else as JSON.

export interface ArgumentText {
  name: string
  text: string
}

/** @returns one line a value, in the order of the call */
export function argumentTexts(values: Record<string, unknown>): ArgumentText[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }))
}

/**
 * The values an edited call has.
 * @param before the values it was asked with: what was text stays text
 * @returns the values, or the name of the first that cannot be read
 */
export function readArguments(
  before: Record<string, unknown>,
  texts: readonly ArgumentText[],
): { values: Record<string, unknown> } | { unreadable: string } {
  const values: Record<string, unknown> = {}
  for (const { name, text } of texts) {
    if (typeof before[name] === 'string') values[name] = text
    else {
      try {
        values[name] = JSON.parse(text)
      } catch {
        return { unreadable: name }
      }
    }
  }
  return { values }
}
