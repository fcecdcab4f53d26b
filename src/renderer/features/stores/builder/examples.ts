// Ready-made stores to begin with: their signs and fields; their words are `examples.<id>`.
import type { TFunction } from 'i18next'
import { type CustomStoreDefinition, customStoreDefinition } from '../../../../shared/custom-store.ts'

export const EXAMPLES = ['shopping', 'reading', 'project', 'health', 'glossary'] as const
export type ExampleId = (typeof EXAMPLES)[number]

export function isExample(id: string | null): id is ExampleId {
  return EXAMPLES.some((example) => example === id)
}

/** The example as a definition, to be changed, tried and turned on. */
export function exampleDefinition(t: TFunction, id: ExampleId): CustomStoreDefinition {
  return customStoreDefinition.parse({ ...shapeOf(t, id), mode: 'propose' })
}

function shapeOf(t: TFunction, id: ExampleId) {
  const words = {
    title: t(`examples.${id}.title`),
    lookFor: t(`examples.${id}.lookFor`),
    example: t(`examples.${id}.example`),
  }
  switch (id) {
    case 'shopping':
      return {
        ...words,
        icon: 'cart',
        fields: [
          { key: 'amount', label: t('examples.field.amount'), type: 'text' },
          { key: 'shop', label: t('examples.field.shop'), type: 'text' },
          { key: 'bought', label: t('examples.field.bought'), type: 'yes_no' },
        ],
      }
    case 'reading':
      return {
        ...words,
        icon: 'book',
        fields: [
          { key: 'author', label: t('examples.field.author'), type: 'person' },
          {
            key: 'state',
            label: t('examples.field.state'),
            type: 'choice',
            choices: [t('examples.choice.wanted'), t('examples.choice.reading'), t('examples.choice.finished')],
          },
          { key: 'verdict', label: t('examples.field.verdict'), type: 'text' },
        ],
      }
    case 'project':
      return {
        ...words,
        icon: 'folder',
        fields: [
          {
            key: 'part',
            label: t('examples.field.part'),
            type: 'choice',
            choices: [
              t('examples.choice.goal'),
              t('examples.choice.tool'),
              t('examples.choice.blocker'),
              t('examples.choice.note'),
            ],
          },
          { key: 'due', label: t('examples.field.due'), type: 'date' },
        ],
      }
    case 'health':
      return {
        ...words,
        icon: 'heart',
        fields: [
          { key: 'day', label: t('examples.field.day'), type: 'date' },
          { key: 'value', label: t('examples.field.value'), type: 'number' },
          { key: 'unit', label: t('examples.field.unit'), type: 'text' },
        ],
      }
    case 'glossary':
      return {
        ...words,
        icon: 'letters',
        fields: [
          { key: 'meaning', label: t('examples.field.meaning'), type: 'text' },
          { key: 'also', label: t('examples.field.also'), type: 'list' },
        ],
      }
  }
}
