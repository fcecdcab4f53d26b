// Small words in an oval: a state, a store, a count.
import { cva, type VariantProps } from 'class-variance-authority'
import type { ReactNode } from 'react'

const look = cva('inline-flex items-center gap-1 rounded-full px-2.5 whitespace-nowrap text-xs leading-5 font-medium', {
  variants: {
    tone: {
      plain: 'border border-line text-dim',
      accent: 'border border-transparent bg-accent-soft text-accent-text',
      warning: 'border border-transparent bg-warning-soft text-warning-text',
      danger: 'border border-transparent bg-danger-soft text-danger',
    },
  },
  defaultVariants: { tone: 'plain' },
})

export function Badge({ tone, children }: VariantProps<typeof look> & { children: ReactNode }) {
  return <span className={look({ tone })}>{children}</span>
}
