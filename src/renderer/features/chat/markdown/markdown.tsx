// Markdown of an answer. Finished blocks are memoised and never render again while the answer grows.
import { memo, type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remend from 'remend'
import { Boundary } from '../../../ui/boundary.tsx'
import { ForgottenSign } from '../../../ui/marked-text.tsx'
import { revealHidden } from '../../../ui/reveal-hidden.ts'
import { splitBlocks } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { LinkText } from './link-text.tsx'
import { checkedAddress, disarm, MARKDOWN_MAX, strictSchema } from './untrusted.ts'

interface MarkdownProps {
  text: string
  /** The text still grows: unfinished marks at its end are closed for display. */
  growing: boolean
}

export function Markdown({ text, growing }: MarkdownProps) {
  const blocks = useMemo(() => splitBlocks(text), [text])
  if (text.length > MARKDOWN_MAX) return <p className="whitespace-pre-wrap">{revealHidden(text)}</p>
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block's place is its identity; blocks are only added at the end
        <Block key={index} text={block} growing={growing && index === blocks.length - 1} />
      ))}
    </div>
  )
}

const plugins = {
  remark: [remarkGfm, disarm],
  rehype: [[rehypeSanitize, strictSchema] as [typeof rehypeSanitize, typeof strictSchema]],
}

const Block = memo(function Block({ text, growing }: MarkdownProps) {
  return (
    <Boundary resetKey={text} fallback={() => <p className="whitespace-pre-wrap">{revealHidden(text)}</p>}>
      <ReactMarkdown
        remarkPlugins={plugins.remark}
        rehypePlugins={plugins.rehype}
        components={components}
        // The sanitiser has dropped what may not be; this only keeps the checked form.
        urlTransform={(url) => checkedAddress(url)?.href ?? ''}
      >
        {growing ? remend(text) : text}
      </ReactMarkdown>
    </Boundary>
  )
})

const components: Components = {
  a: ({ href, children }) => <LinkText href={href ?? ''}>{children}</LinkText>,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  table: ({ children }) => <WideTable>{children}</WideTable>,
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
