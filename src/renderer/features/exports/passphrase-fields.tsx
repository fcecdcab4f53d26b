// A passphrase twice, hidden until one wants to see it, with what it means.
import { Eye, EyeOff } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'

export interface Passphrase {
  first: string
  again: string
}

interface PassphraseFieldsProps {
  value: Passphrase
  /** What is wrong with it. */
  problem: string | null
  onChange(value: Passphrase): void
}

export function PassphraseFields({ value, problem, onChange }: PassphraseFieldsProps) {
  const { t } = useTranslation()
  const id = useId()
  const [shown, setShown] = useState(false)
  const field = (part: keyof Passphrase) => (
    <div className="flex flex-col gap-1">
      <label htmlFor={`${id}-${part}`} className="text-sm font-medium">
        {t(`exports.passphrase.${part}`)}
      </label>
      <TextField
        id={`${id}-${part}`}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        maxLength={1000}
        value={value[part]}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-text ${problem === null ? '' : `${id}-problem`}`}
        onChange={(event) => onChange({ ...value, [part]: event.target.value })}
      />
    </div>
  )
  return (
    <div className="flex max-w-96 flex-col gap-2.5">
      {field('first')}
      {field('again')}
      <div>
        <Button kind="quiet" size="small" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? <EyeOff className="size-3.5" /> : <Eye className="size-3.5" />}
          {t('exports.passphrase.show')}
        </Button>
      </div>
      <p id={`${id}-text`} className="text-sm text-dim">
        {t('exports.passphrase.text')}
      </p>
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  )
}
