// Markdown of an answer. Finished blocks are memoised and never render again while the answer grows.
import type { Element } from 'hast'
import { createContext, lazy, memo, type ReactNode, Suspense, use, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remend from 'remend'
import { Boundary } from '../../../ui/boundary.tsx'
import { ForgottenSign } from '../../../ui/marked-text.tsx'
import { revealHidden } from '../../../ui/reveal-hidden.ts'
import { createSplitter, readFence } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { BLOCKS_MAX, isParsable, MARKDOWN_MAX, shownLength } from './limits.ts'
import { LinkText } from './link-text.tsx'
import { markMath } from './math-marks.ts'
import { PlainText } from './plain-text.tsx'
import { checkedAddress, disarm, strictSchema } from './untrusted.ts'
import { usePaced } from './use-paced.ts'

interface MarkdownProps {
  text: string
  /** The text still grows: unfinished marks at its end are closed for display. */
  growing: boolean
}

export function Markdown({ text, growing }: MarkdownProps) {
  const [split] = useState(createSplitter)
  if (text.length > MARKDOWN_MAX) return <PlainText text={text} />
  const blocks = split(text)
  const beyond = blocks.slice(BLOCKS_MAX).join('')
  return (
    <div className="markdown">
      {blocks.slice(0, BLOCKS_MAX).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block's place is its identity; blocks are only added at the end
        <Block key={index} text={block} growing={growing && index === blocks.length - 1} />
      ))}
      {beyond !== '' && <PlainText text={beyond} />}
    </div>
  )
}

const Block = memo(function Block({ text, growing }: MarkdownProps) {
  const fence = readFence(text)
  if (fence && fence.language !== 'math') {
    const code = revealHidden(growing ? fence.code.slice(0, shownLength(fence.code.length)) : fence.code)
    return <CodeBlock language={fence.language} code={code} growing={growing && !fence.closed} />
  }
  return <MarkedUp text={text} growing={growing} />
})

function MarkedUp({ text, growing }: MarkdownProps) {
  const shown = usePaced(growing ? text.slice(0, shownLength(text.length)) : text, growing)
  if (!isParsable(shown)) return <PlainText text={shown} />
  return (
    <Boundary resetKey={shown} fallback={() => <PlainText text={shown} />}>
      <Growing value={growing}>
        <Parsed text={shown} growing={growing} />
      </Growing>
    </Boundary>
  )
}

/** Whether the block around still grows, for code inside lists and quotes. */
const Growing = createContext(false)

const plugins = {
  remark: [remarkGfm, [remarkMath, { singleDollarTextMath: false }] as [typeof remarkMath, object], disarm],
  rehype: [[rehypeSanitize, strictSchema] as [typeof rehypeSanitize, typeof strictSchema]],
}

const Parsed = memo(function Parsed({ text, growing }: MarkdownProps) {
  const source = useMemo(() => {
    const marked = markMath(text, growing)
    return growing ? remend(marked, { katex: false }) : marked
  }, [text, growing])
  return (
    <ReactMarkdown
      remarkPlugins={plugins.remark}
      rehypePlugins={plugins.rehype}
      components={components}
      // The sanitiser has dropped what may not be; this only keeps the checked form.
      urlTransform={(url) => checkedAddress(url)?.href ?? ''}
    >
      {source}
    </ReactMarkdown>
  )
})

const components: Components = {
  a: ({ href, children }) => <LinkText href={href ?? ''}>{children}</LinkText>,
  pre: ({ node }) => <Preformatted node={node} />,
  code: ({ node, children }) =>
    isMath(node) ? <MathText tex={textOf(node)} display={false} /> : <code>{children}</code>,
  table: ({ children }) => <WideTable>{children}</WideTable>,
  input: ({ checked }) => <TaskBox done={checked === true} />,
  span: ({ node, children }) => {
    const { dataImage, dataAlt, dataForgotten } = node?.properties ?? {}
    if (dataForgotten !== undefined) return <ForgottenSign />
    return typeof dataImage === 'string' ? (
      <ImagePlaceholder address={dataImage} alt={typeof dataAlt === 'string' ? dataAlt : ''} />
    ) : (
      <span>{children as ReactNode}</span>
    )
  },
}

/** Code inside a list or a quote, or a formula that stands alone. */
function Preformatted({ node }: { node: Element | undefined }) {
  const growing = use(Growing)
  const inner = node?.children.find((child) => child.type === 'element')
  const text = textOf(inner).replace(/\n$/, '')
  if (isMath(inner)) return <MathText tex={text} display />
  return <CodeBlock language={languageOf(inner)} code={text} growing={growing} />
}

function isMath(node: Element | undefined): boolean {
  return classesOf(node).includes('language-math')
}

function languageOf(node: Element | undefined): string {
  const name = classesOf(node).find((each) => each.startsWith('language-'))
  return name?.slice('language-'.length).toLowerCase() ?? ''
}

function classesOf(node: Element | undefined): string[] {
  const { className } = node?.properties ?? {}
  return Array.isArray(className) ? className.map(String) : []
}

function textOf(node: Element | undefined): string {
  return node?.children.map((child) => (child.type === 'text' ? child.value : '')).join('') ?? ''
}

const Formula = lazy(() => import('./formula.tsx'))

function MathText({ tex, display }: { tex: string; display: boolean }) {
  const source = <code>{tex}</code>
  const formula = (
    <Boundary resetKey={tex} fallback={() => source}>
      <Suspense fallback={source}>
        <Formula tex={tex} display={display} />
      </Suspense>
    </Boundary>
  )
  if (!display) return <span className="math">{formula}</span>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide formula scrolls, and the keyboard must reach it
    <div dir="ltr" tabIndex={0} className="math overflow-x-auto overflow-y-hidden py-1">
      {formula}
    </div>
  )
}

function TaskBox({ done }: { done: boolean }) {
  const { t } = useTranslation()
  return (
    <input
      type="checkbox"
      checked={done}
      disabled
      aria-label={done ? t('markdown.taskDone') : t('markdown.taskOpen')}
    />
  )
}

function WideTable({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and the keyboard must reach it
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('markdown.table')}>
      <table>{children}</table>
    </section>
  )
}

function ImagePlaceholder({ address, alt }: { address: string; alt: string }) {
  const { t } = useTranslation()
  return (
    <span className="inline-block rounded-sm border border-dashed border-edge px-2 text-xs text-dim [overflow-wrap:anywhere]">
      {alt === '' ? t('markdown.image', { address }) : t('markdown.imageNamed', { address, alt })}
    </span>
  )
}
