// Text of a model is untrusted: what it may become on the page. Two fences, each enough alone for what would load or run:
// the tree is rewritten (raw HTML to text, images to placeholders), and a strict schema drops whatever is not listed.
import type { Options as Schema } from 'rehype-sanitize'
import { splitMarks } from '../../../../shared/forgotten.ts'
import { revealHidden } from '../../../ui/reveal-hidden.ts'

/** The little of a markdown tree this file touches. */
interface Node {
  type: string
  value?: string
  url?: string
  alt?: string | null
  title?: string | null
  children?: Node[]
  data?: { hName: string; hProperties: Record<string, string> }
}

/** Longest text rendered as markdown; beyond it nesting and length could make the window slow. */
export const MARKDOWN_MAX = 200_000
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
      case 'definition':
      case 'footnoteDefinition':
        return child.type === 'definition' ? asText('', node.type) : child
      case 'link':
        if (isBareAddress(child)) return { type: 'text', value: revealHidden(textOf(child)) }
        break
      case 'text':
        return splitMarks(child.value ?? '').map((part) =>
          part.forgotten ? FORGOTTEN : { ...child, value: revealHidden(part.text) },
        )
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
    ...['p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'a', 'span'],
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'input', 'sup'],
  ],
  attributes: {
    a: ['href'],
    code: [['className', /^language-[\w+#.-]{1,30}$/]],
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
