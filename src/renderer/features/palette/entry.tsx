// A row of the palette, and a group of rows under its heading.
import { Command } from 'cmdk'
import { ArrowRight, Filter, Folder, Layers, type LucideIcon, MessageSquare, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { Keys } from '../../ui/keys.tsx'
import type { Place } from './use-places.ts'

export const ROW =
  'flex min-h-9 cursor-pointer items-start gap-2.5 rounded-control px-2.5 py-1.5 text-sm data-[selected=true]:bg-hover'

const ICONS: Record<Place['kind'] | 'filter', LucideIcon> = {
  command: ArrowRight,
  chat: MessageSquare,
  setting: Settings,
  store: Layers,
  project: Folder,
  filter: Filter,
}

export function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="not-first:mt-2 [&_[cmdk-group-heading]]:label-caps [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5"
    >
      {children}
    </Command.Group>
  )
}

interface EntryProps {
  value: string
  kind: Place['kind'] | 'filter'
  label: string
  about?: string | null
  /** The keys that do the same. */
  hint?: string | null
  onSelect(): void
}

export function Entry({ value, kind, label, about = null, hint = null, onSelect }: EntryProps) {
  const Icon = ICONS[kind]
  return (
    <Command.Item value={value} onSelect={onSelect} className={ROW}>
      <Icon className="mt-0.5 size-4 text-dim" />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {label}
      </span>
      {about && <span className="text-xs leading-5 text-dim">{about}</span>}
      {hint && <Keys>{hint}</Keys>}
    </Command.Item>
  )
}
