// Uses a model file that is already on this computer: by the system's dialog where there is one, or by its path.
import { FolderOpen } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useModelActions } from './use-models.ts'

export function UseFile() {
  const { t } = useTranslation()
  const client = useClient()
  const desktop = useAppState()?.shell === 'desktop'
  const actions = useModelActions()
  const fieldId = useId()
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void actions.takeFile(path)
  }
  const choose = async () => {
    setProblem(null)
    try {
      const chosen = await client.models.chooseFile({})
      if (chosen.path !== null) {
        setPath(chosen.path)
        await actions.takeFile(chosen.path)
      } else if (!chosen.available) setProblem(t('models.noDialog'))
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
    }
  }
  const shown = problem ?? actions.problem
  return (
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
        <Button type="submit" disabled={actions.busy || path.trim() === ''}>
          {actions.busy ? t('models.checking') : t('models.useFile')}
        </Button>
      </div>
      {shown && (
        <p role="alert" className="text-sm text-danger">
          {shown}
        </p>
      )}
    </form>
  )
}
