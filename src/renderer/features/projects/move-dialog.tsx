// Which project a chat belongs to.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationView } from '../../../shared/chat.ts'
import type { ProjectId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useProjects } from './use-projects.ts'

export function MoveDialog({ chat, onClose }: { chat: ConversationView; onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const projects = useProjects().data ?? []
  const [chosen, setChosen] = useState<ProjectId | null>(chat.projectId)
  const { busy, problem, attempt } = useAttempt()
  const move = async () => {
    if (await attempt(() => client.chat.change({ id: chat.id, projectId: chosen }))) onClose()
  }
  const options = [{ id: null, name: t('projects.none') }, ...projects]
  return (
    <Dialog title={t('projects.move')} onClose={onClose}>
      <p className="mb-3 text-sm text-dim">{t('projects.moveText')}</p>
      <fieldset className="flex max-h-72 flex-col gap-1 overflow-y-auto">
        <legend className="sr-only">{t('projects.title')}</legend>
        {options.map(({ id, name }) => (
          <label key={id ?? 'none'} className="flex min-h-8 items-center gap-2.5 rounded-control px-2 hover:bg-hover">
            <input
              type="radio"
              name="project"
              checked={chosen === id}
              className="accent-(--accent)"
              onChange={() => setChosen(id)}
            />
            <span dir="auto" className="[overflow-wrap:anywhere]">
              {revealHidden(name)}
            </span>
          </label>
        ))}
      </fieldset>
      <Problem text={problem} className="mt-3" />
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="accent" disabled={busy} onClick={() => void move()}>
          {t('projects.moveHere')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
