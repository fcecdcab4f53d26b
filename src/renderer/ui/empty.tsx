// An empty page: what will be here, why it is empty, one thing to do.
import type { ReactNode } from 'react'

export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-3 px-5 py-16 text-center">
      <h2 className="text-lg">{title}</h2>
      <p className="text-balance text-dim">{text}</p>
      {children}
    </div>
  )
}
