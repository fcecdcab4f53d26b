// Every command with its keys: found by words, given other keys, put back. Below, the keys that belong to lists and fields.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { COMMAND_GROUPS, COMMANDS, type Command } from '../../app/commands.ts'
import { isMac, showCombination } from '../../app/key-combination.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { useChosenKeys } from '../../app/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { Keys } from '../../ui/keys.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { ShortcutRow } from './shortcut-row.tsx'

/** Keys that always mean this, in the place they belong to. */
const FIXED = [
  { id: 'newLine', keys: ['Shift+Enter'] },
  { id: 'approve', keys: ['A'] },
  { id: 'edit', keys: ['E'] },
  { id: 'decline', keys: ['D'] },
  { id: 'rename', keys: ['F2'] },
  { id: 'delete', keys: ['Delete'] },
  { id: 'list', keys: ['ArrowUp', 'ArrowDown'] },
  { id: 'close', keys: ['Escape'] },
] as const

export function ShortcutsPage() {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const chosen = useChosenKeys()
  const change = useSetting()
  useEffect(() => {
    document.title = t('app.title', { page: t('shortcuts.title') })
  }, [t])
  const typed = query.trim().toLowerCase()
  const isFound = (words: string) => words.toLowerCase().includes(typed)
  const commands: readonly Command[] = COMMANDS.filter(({ id }) => isFound(t(`commands.item.${id}`)))
  const fixed = FIXED.filter(({ id }) => isFound(t(`shortcuts.fixed.${id}`)))
  const changed = Object.keys(chosen).length > 0
  return (
    <>
      <PageHeader title={t('shortcuts.title')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-2xl flex-col gap-7 px-4 py-6">
          <div className="flex flex-wrap items-center gap-3">
            <div className="min-w-0 flex-1 basis-56">
              <SearchField label={t('shortcuts.search')} value={query} onChange={setQuery} />
            </div>
            {changed && <Button onClick={() => void change({ shortcuts: {} })}>{t('shortcuts.resetAll')}</Button>}
          </div>
          <p role="status" className="sr-only">
            {typed === '' ? '' : t('shortcuts.found', { count: commands.length + fixed.length })}
          </p>
          {commands.length + fixed.length === 0 && (
            <p className="text-dim">{t('shortcuts.nothing', { query: query.trim() })}</p>
          )}
          {COMMAND_GROUPS.map((group) => {
            const ofGroup = commands.filter((command) => command.group === group)
            if (ofGroup.length === 0) return null
            return (
              <section key={group} aria-labelledby={`shortcuts-${group}`}>
                <h2 id={`shortcuts-${group}`} className="label-caps pb-1.5">
                  {t(`commands.group.${group}`)}
                </h2>
                <ul className="divide-y divide-line border-y border-line">
                  {ofGroup.map((command) => (
                    <ShortcutRow key={command.id} command={command} />
                  ))}
                </ul>
              </section>
            )
          })}
          {fixed.length > 0 && (
            <section aria-labelledby="shortcuts-fixed">
              <h2 id="shortcuts-fixed" className="label-caps pb-1.5">
                {t('shortcuts.fixedTitle')}
              </h2>
              <ul className="divide-y divide-line border-y border-line">
                {fixed.map(({ id, keys }) => (
                  <li key={id} className="flex min-h-11 items-center justify-between gap-3 py-1.5">
                    <span>{t(`shortcuts.fixed.${id}`)}</span>
                    <span className="flex gap-1.5">
                      {keys.map((each) => (
                        <Keys key={each} spoken>
                          {showCombination(each, isMac())}
                        </Keys>
                      ))}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </>
  )
}
