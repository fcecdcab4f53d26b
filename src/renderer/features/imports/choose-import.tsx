// Where an import begins: a file, a folder of notes, or words pasted from another assistant.
import { FileUp, FolderUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isFocusLost } from '../../app/focus.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/problem.tsx'
import type { FoundFile } from '../attachments/choose.ts'
import { DropTarget } from '../attachments/drop-target.tsx'
import { chosenFiles } from '../attachments/dropped.ts'
import { useArrivals } from './arrivals.ts'
import { filesToSend } from './choose-files.ts'
import { PasteMemories } from './paste-memories.tsx'
import { useArrival } from './use-arrival.ts'

export const CHOOSE_ID = 'imports-choose'

const SOURCES = ['understudy', 'chatgpt', 'claude', 'mem0', 'markdown', 'csv'] as const

export function ChooseImport() {
  const { t } = useTranslation()
  const notify = useWindow((state) => state.notify)
  const { send } = useArrival()
  const [problem, setProblem] = useState<string | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // React knows no attribute of this name.
    folder.current?.setAttribute('webkitdirectory', '')
  }, [])
  const acted = useArrivals((state) => state.acted)
  useEffect(() => {
    // The card that stood here before had it.
    if (acted && isFocusLost()) document.getElementById(CHOOSE_ID)?.focus({ preventScroll: true })
  }, [acted])
  const begin = (found: readonly FoundFile[]) => {
    const chosen = filesToSend(found)
    setProblem(chosen === null && found.length > 0 ? t('imports.nothingReadable') : null)
    if (chosen === null) return
    if (chosen.leftOut > 0) notify({ text: t('imports.leftOut', { count: chosen.leftOut }), action: null })
    void send(chosen.name, chosen.files)
  }
  const field = (ref: typeof file, label: string) => (
    <input
      ref={ref}
      type="file"
      hidden
      tabIndex={-1}
      aria-label={label}
      onChange={({ target }) => {
        if (target.files) begin(chosenFiles(target.files))
        // The same file chosen again is a change again.
        target.value = ''
      }}
    />
  )
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col items-start gap-3 rounded-card border border-dashed border-edge bg-panel px-4 py-5">
        <p>{t('imports.drop')}</p>
        <div className="flex flex-wrap gap-2">
          <Button id={CHOOSE_ID} kind="accent" onClick={() => file.current?.click()}>
            <FileUp className="size-4" />
            {t('imports.chooseFile')}
          </Button>
          <Button onClick={() => folder.current?.click()}>
            <FolderUp className="size-4" />
            {t('imports.chooseFolder')}
          </Button>
        </div>
        <p className="text-sm text-dim">{t('imports.first')}</p>
        <Problem text={problem} />
      </div>
      {field(file, t('imports.chooseFile'))}
      {field(folder, t('imports.chooseFolder'))}
      <DropTarget label={t('imports.dropHere')} onFiles={begin} />
      <PasteMemories />
      <details className="text-sm text-dim">
        <summary className="w-fit cursor-pointer rounded-sm py-0.5">{t('imports.sources')}</summary>
        <dl className="mt-2 flex flex-col gap-2">
          {SOURCES.map((source) => (
            <div key={source}>
              <dt className="font-medium text-text">{t(`imports.format.${source}`)}</dt>
              <dd>{t(`imports.how.${source}`)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  )
}
