// Uses a model file that is already on this computer: dropped here, by the system's dialog, or by its path. What it is and
// whether it fits is said before it is used.
import { clsx } from 'clsx'
import { FolderOpen } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelFileView } from '../../../shared/contract/models.ts'
import type { Bridge } from '../../../shared/transport.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { FileReview } from './file-review.tsx'
import { useFileDrop } from './use-file-drop.ts'
import { useModelActions } from './use-models.ts'

/** @param modelFolder where a file may be put to be found by itself; named where a page cannot know a file's place */
export function UseFile({ modelFolder = null }: { modelFolder?: string | null }) {
  const { t } = useTranslation()
  const client = useClient()
  const app = useAppState()
  const desktop = app?.shell === 'desktop'
  const actions = useModelActions()
  const fieldId = useId()
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [file, setFile] = useState<ModelFileView | null>(null)
  const look = async (at: string) => {
    setProblem(null)
    setFile(null)
    setFile(await actions.inspect(at))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setProblem(null)
    setFile(null)
    void actions.takeFile(path)
  }
  const choose = async () => {
    setProblem(null)
    try {
      const chosen = await client.models.chooseFile({})
      if (chosen.path !== null) {
        setPath(chosen.path)
        await look(chosen.path)
      } else if (!chosen.available) setProblem(t('models.noDialog'))
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
    }
  }
  const drop = (dropped: File) => {
    const bridge = (window as Window & { readonly understudy?: Bridge }).understudy
    const where = bridge?.pathOf(dropped) ?? ''
    if (where !== '') {
      setPath(where)
      void look(where)
      return
    }
    setFile(null)
    setProblem(
      modelFolder === null
        ? t('models.dropNoPath', { name: dropped.name })
        : t('models.dropNoPathFolder', { name: dropped.name, folder: modelFolder }),
    )
  }
  const over = useFileDrop(drop)
  const shown = problem ?? actions.problem
  // Once it is used the list shows it: not twice, not even for a moment.
  const listed = file !== null && app?.settings.chatModelPath === file.path
  return (
    <section
      className={clsx(
        'flex flex-col gap-3 rounded-card border border-dashed p-4',
        over ? 'border-accent bg-accent-soft' : 'border-edge',
      )}
    >
      <form onSubmit={submit} className="flex flex-col gap-2">
        <label htmlFor={fieldId} className="font-medium">
          {t('models.fileTitle')}
        </label>
        <p className="text-sm text-dim">{t('models.fileText')}</p>
        <div className="flex flex-wrap gap-2">
          <TextField
            id={fieldId}
            value={path}
            maxLength={4096}
            placeholder={t('models.filePlaceholder')}
            className="flex-1 basis-60"
            onChange={(event) => setPath(event.target.value)}
          />
          {desktop && (
            <Button onClick={() => void choose()}>
              <FolderOpen className="size-4" />
              {t('models.chooseFile')}
            </Button>
          )}
          <Button disabled={actions.busy || path.trim() === ''} onClick={() => void look(path)}>
            {t('models.look')}
          </Button>
          <Button type="submit" disabled={actions.busy || path.trim() === ''}>
            {actions.busy ? t('models.checking') : t('models.useFile')}
          </Button>
        </div>
      </form>
      <Problem className="[overflow-wrap:anywhere]" text={shown} />
      {file && !listed && <FileReview file={file} onDone={() => setFile(null)} />}
    </section>
  )
}
