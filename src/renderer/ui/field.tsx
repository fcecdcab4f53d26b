// Text input, one line or growing with its text.
import { clsx } from 'clsx'
import { type ComponentProps, useLayoutEffect, useRef } from 'react'

const look =
  'w-full rounded-control border border-edge bg-raised px-3 text-base text-text placeholder:text-dim disabled:opacity-60'

export function TextField({ className, ...rest }: ComponentProps<'input'>) {
  return <input type="text" autoComplete="off" spellCheck={false} className={clsx(look, 'h-9', className)} {...rest} />
}

interface GrowingTextProps extends Omit<ComponentProps<'textarea'>, 'value' | 'ref'> {
  value: string
  /** Without a frame, for a composer that has its own. */
  bare?: boolean
  /** Tallest it grows, in lines; then it scrolls. */
  maxLines?: number
}

export function GrowingText({ value, bare = false, maxLines = 12, className, ...rest }: GrowingTextProps) {
  const element = useRef<HTMLTextAreaElement>(null)
  // Grows with the text: the height is set through the CSSOM, which the content policy allows.
  useLayoutEffect(() => {
    const area = element.current
    if (!area) return
    area.style.height = 'auto'
    const lineHeight = Number.parseFloat(getComputedStyle(area).lineHeight)
    // Reading the value again ties the effect to it.
    const wanted = value === '' ? 0 : area.scrollHeight
    const limit = lineHeight * maxLines
    area.style.height = wanted === 0 ? '' : `${Math.min(wanted, limit)}px`
    area.style.overflowY = wanted > limit ? 'auto' : 'hidden'
  }, [value, maxLines])
  return (
    <textarea
      ref={element}
      rows={1}
      value={value}
      className={clsx(
        'block resize-none',
        bare
          ? 'w-full bg-transparent text-base text-text placeholder:text-dim focus-visible:outline-none'
          : clsx(look, 'py-2'),
        className,
      )}
      {...rest}
    />
  )
}
