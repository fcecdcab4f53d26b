// A formula as KaTeX sets it, made of elements and never of markup. Loaded with its fonts when the first formula comes.
import type { Element, ElementContent, Root } from 'hast'
import { toJsxRuntime } from 'hast-util-to-jsx-runtime'
import { memo } from 'react'
import { Fragment, jsx, jsxs } from 'react/jsx-runtime'
import rehypeKatex from 'rehype-katex'
import { VFile } from 'vfile'
import 'katex/dist/katex.min.css'

interface FormulaProps {
  tex: string
  display: boolean
}

/** Nothing that links, loads or names classes; bounds on what macros may grow to and how large anything may be set, in em. */
const settings = { trust: false, strict: 'ignore', maxExpand: 300, maxSize: 10, errorColor: 'inherit' } as const
const transform = rehypeKatex(settings)

const Formula = memo(function Formula({ tex, display }: FormulaProps) {
  const tree = typeset(tex, display)
  if (tree === null) return <code>{tex}</code>
  return toJsxRuntime(tree, { Fragment, jsx, jsxs })
})

/** @returns null for what is no formula KaTeX understands: it is shown as it was written */
function typeset(tex: string, display: boolean): Root | null {
  const source: Element = {
    type: 'element',
    tagName: 'code',
    properties: { className: ['language-math', display ? 'math-display' : 'math-inline'] },
    children: [{ type: 'text', value: tex }],
  }
  const tree: Root = { type: 'root', children: [source] }
  transform(tree, new VFile())
  return tree.children.some((child) => child.type !== 'doctype' && hasError(child)) ? null : tree
}

function hasError(node: ElementContent): boolean {
  if (node.type !== 'element') return false
  const { className } = node.properties
  return (Array.isArray(className) && className.includes('katex-error')) || node.children.some(hasError)
}

export default Formula
