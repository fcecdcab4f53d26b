// Name and instructions of a project, new or known, and why they could not be kept.
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PROJECT_INSTRUCTIONS_MAX, PROJECT_NAME_MAX, type ProjectView } from '../../../shared/projects.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { GrowingText, TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'

export type ProjectFields = Pick<ProjectView, 'name' | 'instructions'>

interface ProjectFormProps {
  /** What is kept now. */
  kept: ProjectFields
  /** What it throws is said in words, and what was typed stays. */
  save(fields: ProjectFields): Promise<void>
  /** @param canSave there is a name, and something differs from what is kept */
  buttons(canSave: boolean): ReactNode
}

export function ProjectForm({ kept, save, buttons }: ProjectFormProps) {
  const { t } = useTranslation()
  const nameId = useId()
  const textId = useId()
  const [name, setName] = useState(kept.name)
  const [instructions, setInstructions] = useState(kept.instructions)
  const { problem, attempt } = useAttempt()
  const changed = name.trim() !== kept.name || instructions !== kept.instructions
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await attempt(() => save({ name, instructions }))) setName(name.trim())
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <label htmlFor={nameId} className="font-medium">
        {t('projects.name')}
      </label>
      <TextField
        id={nameId}
        data-first-focus
        dir="auto"
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
      <Problem text={problem} />
      {buttons(changed && name.trim() !== '')}
    </form>
  )
}
