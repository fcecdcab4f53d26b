// A new project: its name, and what every answer in it should keep to.
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { newId, type ProjectId } from '../../../shared/ids.ts'
import type { ProjectView } from '../../../shared/projects.ts'
import { useClient } from '../../app/core.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { ProjectForm } from './project-form.tsx'

const NOTHING = { name: '', instructions: '' }

interface ProjectDialogProps {
  onMade(project: ProjectView): void
  onClose(): void
}

export function ProjectDialog({ onMade, onClose }: ProjectDialogProps) {
  const { t } = useTranslation()
  const client = useClient()
  // One id for the dialog, so that saving again after a lost answer is one project.
  const id = useRef(newId<ProjectId>())
  return (
    <Dialog title={t('projects.new')} onClose={onClose}>
      <ProjectForm
        kept={NOTHING}
        save={async (fields) => onMade(await client.projects.create({ id: id.current, ...fields }))}
        buttons={(canSave) => (
          <DialogButtons>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button kind="accent" type="submit" disabled={!canSave}>
              {t('projects.create')}
            </Button>
          </DialogButtons>
        )}
      />
    </Dialog>
  )
}
