// Text input, one line or growing with its text.
import { clsx } from 'clsx'
import { Search } from 'lucide-react'
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

interface SearchFieldProps {
  /** Name and placeholder. */
  label: string
  value: string
  onChange(value: string): void
}

/** A field to look for something in a page; Escape empties it. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div className="relative">
      <Search className="pointer-events-none absolute start-3 top-2.5 size-4 text-dim" />
      <TextField
        type="search"
        value={value}
        aria-label={label}
        placeholder={label}
        className="ps-9"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return
          event.preventDefault()
          onChange('')
        }}
      />
    </div>
  )
}
