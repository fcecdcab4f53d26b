// The ready-made stores as links: one click opens one in the builder, where it can be tried and turned on.
import { useTranslation } from 'react-i18next'
import { hrefs } from '../../../app/router.ts'
import { OWN_ICONS } from '../../memory/store-words.tsx'
import { EXAMPLES, exampleDefinition } from './examples.ts'

export function ExampleList() {
  const { t } = useTranslation()
  return (
    <ul className="flex flex-wrap gap-2">
      {EXAMPLES.map((id) => {
        const { title, icon } = exampleDefinition(t, id)
        const Icon = OWN_ICONS[icon]
        return (
          <li key={id}>
            <a
              href={hrefs.newStoreLike(id)}
              className="flex min-h-9 items-center gap-2 rounded-control border border-line bg-raised px-3 text-sm hover:bg-hover"
            >
              <Icon className="size-4 text-accent-text" />
              {title}
            </a>
          </li>
        )
      })}
    </ul>
  )
}
