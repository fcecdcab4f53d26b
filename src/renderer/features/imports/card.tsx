// One step of an import, with a heading that gets the focus when what had it is gone.
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { isFocusLost } from '../../app/focus.ts'
import { useArrivals } from './arrivals.ts'

interface CardProps {
  title: string
  /** Another step of the same import is another card. */
  children: ReactNode
}

export function Card({ title, children }: CardProps) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const acted = useArrivals((state) => state.acted)
  useEffect(() => {
    if (acted && isFocusLost()) heading.current?.focus()
  }, [acted])
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 rounded-card border border-line bg-raised p-4">
      <h3 id={id} ref={heading} tabIndex={-1} dir="auto" className="font-medium outline-none [overflow-wrap:anywhere]">
        {title}
      </h3>
      {children}
    </section>
  )
}

export function CardButtons({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2">{children}</div>
}
