// Words and signs for people and things.
import { Box, Building2, FolderKanban, type LucideIcon, MapPin, User } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ENTITY_TYPES, type EntityType } from '../../../shared/memory.ts'

const ICONS = {
  person: User,
  organization: Building2,
  project: FolderKanban,
  place: MapPin,
  thing: Box,
} satisfies Record<EntityType, LucideIcon>

interface EntityIconProps {
  type: EntityType
  className?: string
  /** In a drawing, whose units are not those of the page. */
  size?: number
}

export function EntityIcon({ type, size, className = size === undefined ? 'size-4' : '' }: EntityIconProps) {
  const Icon = ICONS[type]
  return <Icon aria-hidden="true" className={className} {...(size === undefined ? {} : { size })} />
}

/** The types as options of a choice. */
export function useTypeOptions(): { value: EntityType; label: string }[] {
  const { t } = useTranslation()
  return useMemo(() => ENTITY_TYPES.map((type) => ({ value: type, label: t(`entityType.${type}`) })), [t])
}

const RELATIONS = [
  'leads',
  'works_at',
  'works_on',
  'lives_in',
  'from',
  'located_in',
  'knows',
  'married_to',
  'family_of',
  'reports_to',
  'part_of',
  'depends_on',
  'uses',
  'founded',
  'funds',
  'client_of',
] as const
type Relation = (typeof RELATIONS)[number]

/** @returns what a tie is called in a few words; one the window has no words for by its own name */
export function useRelationWords(): (relation: string | null) => string {
  const { t } = useTranslation()
  return (relation) => {
    if (relation === null) return t('relation.other')
    const known = RELATIONS.find((one): one is Relation => one === relation)
    return known ? t(`relation.${known}`) : relation.replaceAll('_', ' ')
  }
}
