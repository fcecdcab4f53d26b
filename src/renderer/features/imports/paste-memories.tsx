// What another assistant knows: a request to give to it, and the place for its answer.
import { Check, Copy } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { useCopied } from '../chat/use-copied.ts'
import { useArrival } from './use-arrival.ts'

export function PasteMemories() {
  const { t } = useTranslation()
  const id = useId()
  const { copied, copy } = useCopied()
  const { send } = useArrival()
  const [text, setText] = useState('')
  const request = t('imports.dump.request')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const name = t('imports.dump.name')
    void send(name, [{ name, content: new Blob([text], { type: 'text/plain' }) }])
  }
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3 rounded-card border border-line px-4 py-4">
      <div>
        <h3 id={id} className="font-medium">
          {t('imports.dump.title')}
        </h3>
        <p className="text-sm text-dim">{t('imports.dump.text')}</p>
      </div>
      <div className="flex flex-col gap-2">
        <p className="border-s-2 border-line ps-3 text-sm">{request}</p>
        <div>
          <Button size="small" onClick={() => copy(request)}>
            {copied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />}
            {t('imports.dump.copy')}
          </Button>
        </div>
      </div>
      <form onSubmit={submit} className="flex flex-col items-start gap-2">
        <label htmlFor={`${id}-text`} className="text-sm font-medium">
          {t('imports.dump.answer')}
        </label>
        <GrowingText
          id={`${id}-text`}
          dir="auto"
          rows={3}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={text.trim() === ''}>
          {t('imports.dump.read')}
        </Button>
      </form>
    </section>
  )
}
