// A text put into the person's own style by the model on this computer, to see whether it was understood. Nothing is kept.
import { Copy, PenLine, Square } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WRITING_MAX } from '../../../../shared/contract/writing.ts'
import { failureWords } from '../../../app/failure.ts'
import { useWindow } from '../../../app/window-state.ts'
import { Button } from '../../../ui/button.tsx'
import { GrowingText } from '../../../ui/field.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { useRewrite } from './use-rewrite.ts'

export function TryIt() {
  const { t } = useTranslation()
  const id = useId()
  const announce = useWindow((state) => state.announce)
  const [text, setText] = useState('')
  const { rewriting, start, stop } = useRewrite()
  const { state } = rewriting
  const running = state === 'preparing' || state === 'writing'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void start(text)
  }
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="label-caps mb-2">
        {t('writing.try')}
      </h2>
      <form onSubmit={submit} className="flex flex-col gap-2">
        <label htmlFor={id} className="text-sm">
          {t('writing.tryLabel')}
        </label>
        <GrowingText
          id={id}
          dir="auto"
          value={text}
          maxLength={WRITING_MAX}
          className="min-h-20"
          placeholder={t('writing.tryPlaceholder')}
          onChange={(event) => setText(event.target.value)}
        />
        {running ? (
          <Button onClick={stop} className="self-start">
            <Square className="size-3.5" />
            {t('writing.stop')}
          </Button>
        ) : (
          <Button type="submit" disabled={text.trim() === ''} className="self-start">
            <PenLine className="size-4" />
            {t('writing.rewrite')}
          </Button>
        )}
      </form>
      <div className="mt-3 flex flex-col gap-2">
        {state === 'preparing' && (
          <div className="max-w-xs">
            <Progress label={t('writing.reading')} value={rewriting.progress === 0 ? null : rewriting.progress} />
          </div>
        )}
        {rewriting.text !== '' && (
          <p
            dir="auto"
            className="rounded-card border border-line bg-raised p-3.5 whitespace-pre-line [overflow-wrap:anywhere]"
          >
            {rewriting.text}
          </p>
        )}
        <p role="status" className="text-sm text-dim">
          {state === 'preparing' && t('writing.reading')}
          {state === 'writing' && t('writing.writing')}
          {(state === 'done' || state === 'cut' || state === 'stopped') && t(`writing.${state}`)}
        </p>
        {rewriting.failure && <Problem text={failureWords(t, rewriting.failure)} />}
        {!running && rewriting.text !== '' && (
          <Button
            size="small"
            className="self-start"
            onClick={() =>
              void navigator.clipboard.writeText(rewriting.text).then(
                () => announce(t('action.copied')),
                () => {},
              )
            }
          >
            <Copy className="size-3.5" />
            {t('writing.copy')}
          </Button>
        )}
      </div>
    </section>
  )
}
