// One command and its keys. To change them: press "change", then the keys. Keys that another command has are given over only
// when the person says so; Escape leaves everything as it is, and Tab goes on to the next control.
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Command, type CommandId, holderOf, keysOf } from '../../app/commands.ts'
import { useAppState } from '../../app/core.ts'
import { combinationOf, isMac, refusalOf, showCombination } from '../../app/key-combination.ts'
import { useChosenKeys } from '../../app/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Keys } from '../../ui/keys.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useSetting } from '../settings/use-setting.ts'

interface Asked {
  keys: string
  holder: CommandId
}

export function ShortcutRow({ command }: { command: Command }) {
  const { t } = useTranslation()
  const chosen = useChosenKeys()
  const change = useSetting()
  const desktop = useAppState()?.shell === 'desktop'
  const [listening, setListening] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const { id } = command
  const name = t(`commands.item.${id}`)
  const keys = keysOf(command, chosen)
  const isOwn = chosen[id] !== undefined

  const stop = () => {
    setListening(false)
    button.current?.focus()
  }
  const give = (combination: string) => {
    setAsked(null)
    stop()
    void change({ shortcuts: { ...chosen, [id]: combination } })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!listening) return
    if (event.key === 'Tab') {
      setListening(false)
      return
    }
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape' && !event.shiftKey) {
      setProblem(null)
      stop()
      return
    }
    const combination = combinationOf(event.nativeEvent, isMac())
    if (combination === null) return
    const refusal = refusalOf(combination, desktop)
    if (refusal) {
      setProblem(t(`shortcuts.refused.${refusal}`, { keys: showCombination(combination, isMac()) }))
      return
    }
    setProblem(null)
    const holder = holderOf(combination, chosen, id)
    if (holder) {
      setAsked({ keys: combination, holder })
      setListening(false)
    } else give(combination)
  }
  const reset = () => {
    const { [id]: _, ...others } = chosen
    setProblem(null)
    void change({ shortcuts: others })
    button.current?.focus()
  }
  return (
    <li className="flex flex-col gap-1.5 py-1.5">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="min-w-0 flex-1 basis-40">{name}</span>
        <span className="flex flex-wrap gap-1.5">
          {listening ? (
            <span className="text-sm text-accent-text">{t('shortcuts.press')}</span>
          ) : keys.length === 0 ? (
            <span className="text-sm text-dim">{t('shortcuts.none')}</span>
          ) : (
            keys.map((each) => (
              <Keys key={each} spoken>
                {showCombination(each, isMac())}
              </Keys>
            ))
          )}
        </span>
        <span className="ms-auto flex gap-1">
          <Button
            ref={button}
            kind="quiet"
            size="small"
            aria-label={t('shortcuts.changeOf', { command: name })}
            aria-pressed={listening}
            onKeyDown={onKeyDown}
            onBlur={() => setListening(false)}
            onClick={() => {
              setProblem(null)
              setAsked(null)
              setListening(!listening)
            }}
          >
            {t('shortcuts.change')}
          </Button>
          {isOwn && (
            <Button kind="quiet" size="small" aria-label={t('shortcuts.resetOf', { command: name })} onClick={reset}>
              {t('shortcuts.reset')}
            </Button>
          )}
        </span>
      </div>
      <Problem text={problem} />
      {asked && (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-2 rounded-control bg-warning-soft px-3 py-2 text-sm text-warning-text"
        >
          <span className="min-w-0 flex-1 basis-48">
            {t('shortcuts.conflict', {
              keys: showCombination(asked.keys, isMac()),
              command: t(`commands.item.${asked.holder}`),
            })}
          </span>
          <Button size="small" autoFocus onClick={() => give(asked.keys)}>
            {t('shortcuts.take')}
          </Button>
          <Button
            size="small"
            onClick={() => {
              setAsked(null)
              stop()
            }}
          >
            {t('action.cancel')}
          </Button>
        </div>
      )}
    </li>
  )
}
