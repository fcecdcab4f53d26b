// Text of a model is untrusted: what it may become on the page. Two fences, each enough alone for what would load or run:
// the tree is rewritten (raw HTML to text, images to placeholders), and a strict schema drops whatever is not listed.
import type { Options as Schema } from 'rehype-sanitize'
import { MARK, splitMarks } from '../../../../shared/forgotten.ts'
import { revealHidden } from '../../../ui/reveal-hidden.ts'
import { FORMULA_MAX } from './limits.ts'

/** The little of a markdown tree this file touches. */
interface Node {
  type: string
  value?: string
  url?: string
  alt?: string | null
  title?: string | null
  label?: string | null
  children?: Node[]
  data?: { hName?: string; hProperties?: Record<string, unknown>; hChildren?: Node[] }
}

const DEEPEST = 40

/** A remark plugin; runs before anything becomes HTML. */
export function disarm() {
  return (tree: Node): void => {
    walk(tree, 0)
  }
}

function walk(node: Node, depth: number): void {
  if (!node.children) return
  if (depth > DEEPEST) {
    node.children = [{ type: 'text', value: revealHidden(textOf(node)) }]
    return
  }
  node.children = node.children.flatMap((child) => {
    switch (child.type) {
      case 'html':
        return asText(child.value ?? '', node.type)
      case 'image':
        return placeholder(child.url ?? '', child.alt ?? '')
      // A reference-style image is as dangerous as a plain one, and its address may stand in another block.
      case 'imageReference':
        return placeholder('', child.alt ?? '')
      // What refers to it may stand in another block: it is shown as it was written, so that nothing is lost.
      case 'definition':
        return asText(`[${child.label ?? ''}]: ${child.url ?? ''}`, node.type)
      case 'footnoteReference':
        return footnoteMark(child.label ?? '')
      case 'footnoteDefinition':
        walk(child, depth + 1)
        return footnote(child)
      case 'link':
        if (isBareAddress(child)) return { type: 'text', value: revealHidden(textOf(child)) }
        break
      case 'text':
        return splitMarks(child.value ?? '').flatMap((part) =>
          part.forgotten ? FORGOTTEN : withFootnoteMarks(revealHidden(part.text)),
        )
      case 'inlineMath':
      case 'math':
        return formula(child)
      case 'inlineCode':
      case 'code':
        return { ...child, value: revealHidden(child.value ?? '') }
      default:
    }
    walk(child, depth + 1)
    return child
  })
}

/** What stands for a stretch that was forgotten: an element the renderer turns into a sign. */
const FORGOTTEN: Node = {
  type: 'forgotten',
  data: { hName: 'span', hProperties: { dataForgotten: 'yes' } },
  children: [],
}

const FOOTNOTE = /\[\^(?<label>[\w-]{1,20})\]/g

/** `[^1]`, whose note may stand in another block. */
function withFootnoteMarks(text: string): Node[] {
  const nodes: Node[] = []
  let from = 0
  for (const match of text.matchAll(FOOTNOTE)) {
    if (match.index > from) nodes.push({ type: 'text', value: text.slice(from, match.index) })
    nodes.push(footnoteMark(match.groups?.['label'] ?? ''))
    from = match.index + match[0].length
  }
  if (from < text.length) nodes.push({ type: 'text', value: text.slice(from) })
  return nodes
}

function footnoteMark(label: string): Node {
  return { type: 'footnote-mark', data: { hName: 'sup' }, children: [{ type: 'text', value: revealHidden(label) }] }
}

/** A note stands where it was written, after its mark. */
function footnote(definition: Node): Node {
  const [first, ...rest] = definition.children ?? []
  const mark = [footnoteMark(definition.label ?? ''), { type: 'text', value: ' ' }]
  const opening = first?.type === 'paragraph' ? [...mark, ...(first.children ?? [])] : mark
  const others = first && first.type !== 'paragraph' ? [first, ...rest] : rest
  return { type: 'footnote', data: { hName: 'div' }, children: [{ type: 'paragraph', children: opening }, ...others] }
}

/** A formula is set from what its element holds; one too long, or part of which was forgotten, is shown as code. */
function formula(node: Node): Node {
  const value = revealHidden(node.value ?? '')
  if (value.length > FORMULA_MAX || value.includes(MARK)) {
    return { type: node.type === 'math' ? 'code' : 'inlineCode', value }
  }
  const text: Node = { type: 'text', value }
  const [code] = node.data?.hChildren ?? []
  const children = node.type === 'math' && code ? [{ ...code, children: [text] }] : [text]
  return { ...node, value, data: { ...node.data, hChildren: children } }
}

function asText(value: string, parent: string): Node {
  const text: Node = { type: 'text', value: revealHidden(value) }
  const inline = ['paragraph', 'heading', 'tableCell', 'emphasis', 'strong', 'delete', 'link'].includes(parent)
  return inline ? text : { type: 'paragraph', children: [text] }
}

/** What stands for an image that is not loaded: an element the renderer turns into words. */
function placeholder(address: string, alt: string): Node {
  return {
    type: 'image-placeholder',
    data: { hName: 'span', hProperties: { dataImage: revealHidden(address), dataAlt: revealHidden(alt) } },
    children: [],
  }
}

/** `www.example.com` or a mail address written plainly, which GitHub's markdown would turn into a link. */
function isBareAddress(link: Node): boolean {
  const text = textOf(link)
  return link.url === `http://${text}` || link.url === `mailto:${text}`
}

function textOf(node: Node): string {
  return node.value ?? node.children?.map(textOf).join('') ?? ''
}

/** Everything that may stand on the page. No image, no form, no style, no id; addresses of three kinds. */
export const strictSchema: Schema = {
  tagNames: [
    ...['p', 'div', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'a', 'span'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'input', 'sup'],
  ],
  attributes: {
    a: ['href'],
    code: [['className', /^language-[\w+#.-]{1,30}$/, 'math-inline', 'math-display']],
    input: [['type', 'checkbox'], ['disabled', true], 'checked'],
    li: [['className', 'task-list-item']],
    ol: ['start'],
    span: ['dataImage', 'dataAlt', 'dataForgotten'],
    td: ['align'],
    th: ['align'],
  },
  required: { input: { type: 'checkbox', disabled: true } },
  protocols: { href: ['http', 'https', 'mailto'] },
  clobber: [],
  allowComments: false,
  allowDoctypes: false,
}

const OPENABLE = new Set(['http:', 'https:', 'mailto:'])

/** The address a link leads to, in the form that would be opened; null when it may not be opened. */
export function checkedAddress(href: string): URL | null {
  if (!URL.canParse(href)) return null
  const url = new URL(href)
  return OPENABLE.has(url.protocol) && url.username === '' && url.password === '' ? url : null
}
