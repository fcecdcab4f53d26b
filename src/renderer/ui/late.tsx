// Shows its children only when the wait is long enough to notice: no flash of a skeleton for what is there at once.
import { type ReactNode, useEffect, useState } from 'react'

const NOTICEABLE_MS = 300

export function Late({ children }: { children: ReactNode }) {
  const [due, setDue] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), NOTICEABLE_MS)
    return () => clearTimeout(timer)
  }, [])
  return due ? children : null
}

/** Grey lines where text will be. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <Late>
      <div aria-hidden="true" className="flex flex-col gap-3 p-5">
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines that are all the same
          <div key={line} className="h-4 w-full max-w-md animate-pulse rounded-sm bg-hover" />
        ))}
      </div>
    </Late>
  )
}
