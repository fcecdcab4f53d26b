// A drop-down menu. Not modal: a scroll lock would add a <style>, which the content policy refuses.
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

export interface MenuEntry {
  label: string
  icon?: ReactNode
  danger?: boolean
  onSelect(): void
}

interface MenuProps {
  trigger: ReactNode
  entries: MenuEntry[]
  /** Where the focus goes when the menu closes; by default back to the trigger. */
  onCloseFocus?(event: Event): void
}

export function Menu({ trigger, entries, onCloseFocus }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          {...(onCloseFocus ? { onCloseAutoFocus: onCloseFocus } : {})}
          className="z-40 min-w-40 rounded-card border border-line bg-raised p-1 text-sm shadow-float"
        >
          {entries.map((entry) => (
            <DropdownMenu.Item
              key={entry.label}
              onSelect={entry.onSelect}
              className={`flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-2.5 outline-none data-highlighted:bg-hover ${entry.danger ? 'text-danger' : ''}`}
            >
              {entry.icon}
              {entry.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
