// A new project: its name, and what every answer in it should keep to.
import { type FormEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newId, type ProjectId } from '../../../shared/ids.ts'
import { PROJECT_INSTRUCTIONS_MAX, PROJECT_NAME_MAX, type ProjectView } from '../../../shared/projects.ts'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText, TextField } from '../../ui/field.tsx'

interface ProjectDialogProps {
  onMade(project: ProjectView): void
  onClose(): void
}

export function ProjectDialog({ onMade, onClose }: ProjectDialogProps) {
  const { t } = useTranslation()
  const client = useClient()
  const nameId = useId()
  const textId = useId()
  // One id for the dialog, so that saving again after a lost answer is one project.
  const id = useRef(newId<ProjectId>())
  const [name, setName] = useState('')
  const [instructions, setInstructions] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setProblem(null)
    try {
      onMade(await client.projects.create({ id: id.current, name, instructions }))
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
    }
  }
  return (
    <Dialog title={t('projects.new')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <label htmlFor={nameId} className="font-medium">
          {t('projects.name')}
        </label>
        <TextField
          id={nameId}
          data-first-focus
          required
          value={name}
          maxLength={PROJECT_NAME_MAX}
          onChange={(event) => setName(event.target.value)}
        />
        <label htmlFor={textId} className="font-medium">
          {t('projects.instructions')}
        </label>
        <p className="text-sm text-dim">{t('projects.instructionsText')}</p>
        <GrowingText
          id={textId}
          dir="auto"
          value={instructions}
          maxLength={PROJECT_INSTRUCTIONS_MAX}
          placeholder={t('projects.instructionsExample')}
          onChange={(event) => setInstructions(event.target.value)}
        />
        {problem && (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={name.trim() === ''}>
            {t('projects.create')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
