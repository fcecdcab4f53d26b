// What a model file says of itself, whether it fits and how fast it may be, before anything is done with it.
import { useTranslation } from 'react-i18next'
import type { ModelFileView } from '../../../shared/contract/models.ts'
import { formatBytes } from '../../app/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useModelFacts } from './model-facts.ts'
import { useModelActions } from './use-models.ts'

export function FileReview({ file, onDone }: { file: ModelFileView; onDone(): void }) {
  const { t } = useTranslation()
  const actions = useModelActions()
  const facts = useModelFacts()
  const chat = file.kind === 'chat'
  const lines = [
    [
      formatBytes(file.bytes),
      ...(file.quant === null ? [] : [file.quant]),
      ...(file.licence === null ? [] : [t('models.licence', { licence: file.licence })]),
      t('models.memory', { size: formatBytes(file.leastMemoryBytes) }),
    ].join(' · '),
    facts.details(file.details, file.kind),
    ...(chat ? [facts.speed(file.speed)] : []),
  ]
  return (
    <article aria-label={file.name} className="flex flex-col gap-2 rounded-card border border-line bg-raised p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="text-[0.9375rem] [overflow-wrap:anywhere]">{file.catalogueName ?? file.name}</h3>
        <Badge>{t(chat ? 'models.kindChat' : 'models.kindEmbedding')}</Badge>
        <Badge tone={file.fit === 'too-big' || file.fit === 'slow' ? 'warning' : 'plain'}>{t(`fit.${file.fit}`)}</Badge>
        {file.catalogueName !== null && <Badge>{t('models.verified')}</Badge>}
      </div>
      {lines.map((line) => (
        <p key={line} className="text-sm text-dim">
          {line}
        </p>
      ))}
      {chat && !file.details.chatTemplate && <p className="text-sm text-warning-text">{t('models.noTemplate')}</p>}
      {file.fit === 'too-big' && <p className="text-sm text-warning-text">{t('models.tooBig')}</p>}
      <Problem text={actions.problem} />
      <div className="mt-1 flex flex-wrap gap-2">
        {chat && (
          <Button
            kind="accent"
            disabled={actions.busy}
            onClick={() => void actions.takeFile(file.path).then((done) => done && onDone())}
          >
            {t('models.use')}
          </Button>
        )}
        <Button
          disabled={actions.busy}
          onClick={() => void actions.addFile(file.path).then((done) => done && onDone())}
        >
          {t('models.addFile')}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          {t('models.leave')}
        </Button>
      </div>
    </article>
  )
}
