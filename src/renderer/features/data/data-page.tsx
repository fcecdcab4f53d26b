// Everything of the person's own: the ways out, in, and back. A new part is one line here.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../app/page-header.tsx'
import { useHash } from '../../app/router.ts'
import { BackupsSection } from '../backups/backups-section.tsx'
import { ExportSection } from '../exports/export-section.tsx'
import { ImportSection } from '../imports/import-section.tsx'
import { headingId } from './heading-id.ts'

const PARTS = [
  { id: 'export', Part: ExportSection },
  { id: 'import', Part: ImportSection },
  { id: 'backups', Part: BackupsSection },
] as const

export function DataPage() {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('app.title', { page: t('data.title') })
  }, [t])
  useNamedPart()
  return (
    <>
      <PageHeader title={t('data.title')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-10 px-4 py-6 text-pretty">
          {PARTS.map(({ id, Part }) => (
            <section key={id} aria-labelledby={headingId(id)} className="flex flex-col gap-4">
              <div>
                <h2 id={headingId(id)} tabIndex={-1} className="scroll-mt-4 text-lg outline-none">
                  {t(`data.part.${id}.title`)}
                </h2>
                <p className="text-sm text-dim">{t(`data.part.${id}.text`)}</p>
              </div>
              <Part />
            </section>
          ))}
        </div>
      </div>
    </>
  )
}

/** Brings the part that the address names into sight, and the focus to it. */
function useNamedPart(): void {
  const part = useHash().split('/')[2]
  useEffect(() => {
    const heading = part === undefined ? null : document.getElementById(headingId(part))
    heading?.scrollIntoView({ block: 'start' })
    heading?.focus({ preventScroll: true })
  }, [part])
}
