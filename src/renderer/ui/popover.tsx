// A small panel beside what opened it. Not modal: a scroll lock would add a <style>, which the content policy refuses.
import { Popover as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'

interface PopoverProps {
  trigger: ReactNode
  /** Says what the panel holds. */
  label: string
  children: ReactNode
}

export function Popover({ trigger, label, children }: PopoverProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-40 max-w-[min(22rem,calc(100vw-1rem))] rounded-card border border-line bg-raised p-3.5 text-sm shadow-float"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
