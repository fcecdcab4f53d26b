// Buttons: one component, few looks. An icon alone always carries a label.
import { cva, type VariantProps } from 'class-variance-authority'
import { clsx } from 'clsx'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'

const look = cva(
  'inline-flex items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-100 disabled:opacity-55',
  {
    variants: {
      kind: {
        outline: 'border border-line bg-raised text-text hover:bg-hover',
        accent: 'bg-accent text-on-accent hover:opacity-90',
        strong: 'bg-strong text-on-strong hover:opacity-90',
        quiet: 'text-dim hover:bg-hover hover:text-text',
        danger: 'border border-line bg-raised text-danger hover:bg-danger-soft',
        pill: 'rounded-full bg-raised text-dim hover:text-text',
        link: 'text-accent-text underline-offset-2 hover:underline',
      },
      size: {
        normal: 'min-h-8 px-3 py-1 text-sm',
        small: 'min-h-6 px-2.5 text-xs',
        inline: 'text-sm',
        icon: 'size-8',
        'icon-small': 'size-7',
      },
    },
    defaultVariants: { kind: 'outline', size: 'normal' },
  },
)

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, VariantProps<typeof look> {
  ref?: Ref<HTMLButtonElement>
}

export function Button({ kind, size, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={clsx(look({ kind, size }), className)} {...rest} />
}

interface IconButtonProps extends Omit<ButtonProps, 'aria-label' | 'title' | 'children'> {
  /** What it does, for the tooltip and for screen readers. */
  label: string
  /** Shown after the label in the tooltip. */
  keys?: string | undefined
  children: ReactNode
}

export function IconButton({ label, keys, kind = 'quiet', size = 'icon-small', ...rest }: IconButtonProps) {
  return <Button kind={kind} size={size} aria-label={label} title={keys ? `${label} (${keys})` : label} {...rest} />
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  kind,
  size,
  className,
  children,
}: VariantProps<typeof look> & { href: string; className?: string; children: ReactNode }) {
  return (
    <a href={href} className={clsx(look({ kind, size }), className)}>
      {children}
    </a>
  )
}
