// The frame of whatever waits for the person's decision in the chat. Its letter keys count only while the card itself has
// the focus, and none of them is the one a person presses to send.
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import type { Attempting } from '../../app/use-attempt.ts'
import { Problem } from '../../ui/problem.tsx'

interface DecisionCardProps {
  label: string
  title: string
  deciding: Pick<Attempting, 'busy' | 'problem'>
  /** What the letters do; null for one that does nothing now. */
  keys: Record<'a' | 'e' | 'd', (() => unknown) | null>
  buttons: ReactNode
  children: ReactNode
}

export function DecisionCard({ label, title, deciding, keys, buttons, children }: DecisionCardProps) {
  const card = useRef<HTMLElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    // Of the card itself: not of a field or button in it, and not with a modifier.
    if (event.target !== card.current || deciding.busy || event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.toLowerCase()
    const act = key === 'a' || key === 'e' || key === 'd' ? keys[key] : null
    if (!act) return
    event.preventDefault()
    void act()
  }
  return (
    <section
      ref={card}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys work while it has the focus
      tabIndex={0}
      aria-label={label}
      onKeyDown={onKeyDown}
      className="flex flex-col gap-2 rounded-card border border-edge bg-panel px-4 py-3 text-sm"
    >
      <h2 className="text-sm font-medium [overflow-wrap:anywhere]">{title}</h2>
      {children}
      <Problem text={deciding.problem} />
      <div className="flex flex-wrap gap-2">{buttons}</div>
    </section>
  )
}
