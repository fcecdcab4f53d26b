// A person named in a field: leads to their page, where it is known who is meant.
import { useQuery } from '@tanstack/react-query'
import { UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keys, useClient } from '../../../app/core.ts'
import { hrefs } from '../../../app/router.ts'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { revealHidden } from '../../../ui/reveal-hidden.ts'

/** Longest name the core looks up. */
const NAME_MAX = 200

function usePersonNamed(name: string) {
  const client = useClient()
  const wanted = name.trim()
  return useQuery({
    queryKey: [...keys.memories, 'person-named', wanted],
    queryFn: async ({ signal }) => (await client.entities.personNamed({ name: wanted }, { signal })).person,
    enabled: wanted !== '' && wanted.length <= NAME_MAX,
  }).data
}

export function PersonName({ name }: { name: string }) {
  const person = usePersonNamed(name)
  const text = (
    <span dir="auto" className="[overflow-wrap:anywhere]">
      <MarkedText text={name} />
    </span>
  )
  if (!person) return text
  return (
    <a href={hrefs.entity(person.id)} className="font-medium text-accent-text hover:underline">
      {text}
    </a>
  )
}

/** The way to the page alone, beside a name that does something else when it is pressed. */
export function PersonLink({ name }: { name: string }) {
  const { t } = useTranslation()
  const person = usePersonNamed(name)
  if (!person) return null
  const label = t('fields.toPerson', { name: revealHidden(person.name) })
  return (
    <a
      href={hrefs.entity(person.id)}
      aria-label={label}
      title={label}
      className="grid size-6 shrink-0 place-items-center rounded-control text-dim hover:bg-hover hover:text-text"
    >
      <UserRound aria-hidden="true" className="size-3.5" />
    </a>
  )
}
