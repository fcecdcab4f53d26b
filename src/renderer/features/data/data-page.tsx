// Everything of the person's own: the ways out, in, and back. A new part is one line here.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../app/page-header.tsx'
import { BackupsSection } from '../backups/backups-section.tsx'

const PARTS = [{ id: 'backups', Part: BackupsSection }] as const

export function DataPage() {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('app.title', { page: t('data.title') })
  }, [t])
  return (
    <>
      <PageHeader title={t('data.title')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-8 px-4 py-6">
          {PARTS.map(({ id, Part }) => (
            <section key={id} aria-labelledby={`data-${id}`} className="flex flex-col gap-4">
              <div>
                <h2 id={`data-${id}`} className="text-lg">
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
