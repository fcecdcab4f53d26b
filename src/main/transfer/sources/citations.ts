// What other assistants put into their texts for their own window: marks of sources and of names, in characters that no
// font shows.

const OPEN = '\ue200'
const CLOSE = '\ue201'
const NEXT = '\ue202'
const MARK = /\ue200([^\ue200\ue201]{0,4000})\ue201/gu
/** Marks that lost their end, and others of the same range. */
const STRAY = /[\ue200-\ue20f]/gu
const OLD = /【\d{1,4}(?::\d{1,4})?†[^】\n]{0,200}】/gu

/** @returns the text as the person read it: names stay, sources go */
export function withoutCitations(text: string): string {
  const bare =
    text.includes(OPEN) || text.includes(CLOSE) ? text.replace(MARK, (_, inside: string) => shown(inside)) : text
  return bare.replace(STRAY, '').replace(OLD, '')
}

function shown(inside: string): string {
  const [kind = '', value = ''] = inside.split(NEXT)
  if (kind === 'entity' || kind === 'product_entity') return secondOf(value)
  return kind === 'url' || kind === 'link_title' ? value : ''
}

/** `["people", "Mara Lindqvist", 0]` names who is meant in the second place. */
function secondOf(list: string): string {
  try {
    const [, name] = JSON.parse(list) as unknown[]
    return typeof name === 'string' ? name : ''
  } catch {
    return ''
  }
}
