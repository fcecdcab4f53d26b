// The buttons of a model: get it, stop, use it, measure it, set it, remove it in two steps.
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DownloadState, isUnderWay, type ModelView } from '../../../shared/models.ts'
import { formatBytes } from '../../app/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import type { useModelActions } from './use-models.ts'

interface ModelActsProps {
  model: ModelView
  main: boolean
  download: DownloadState | undefined
  actions: ReturnType<typeof useModelActions>
  settingsOpen: boolean
  onSettings(): void
}

export function ModelActs({ model, main, download, actions, settingsOpen, onSettings }: ModelActsProps) {
  const { t } = useTranslation()
  const [removing, setRemoving] = useState(false)
  const [measuring, setMeasuring] = useState(false)
  const chat = model.kind === 'chat'
  const here = model.path !== null
  const running = isUnderWay(download)
  const kind = main ? 'accent' : 'outline'
  const measure = async () => {
    setMeasuring(true)
    await actions.measure(model.id)
    setMeasuring(false)
  }
  if (!running && here && !chat && model.active && !model.removal) return null
  return (
    <div className="mt-1 flex flex-wrap gap-2">
      {download?.state === 'waiting' && (
        <Button disabled={actions.busy} onClick={() => void actions.download(model.id, chat)}>
          {t('models.tryNow')}
        </Button>
      )}
      {running && <Button onClick={() => void actions.cancel(model.id)}>{t('models.pause')}</Button>}
      {!running && !here && model.address !== null && (
        <Button kind={kind} disabled={actions.busy} onClick={() => void actions.download(model.id, chat)}>
          {downloadLabel(t, model, download)}
        </Button>
      )}
      {here && !model.active && (
        <Button
          kind={kind}
          disabled={actions.busy}
          onClick={() => void (chat ? actions.choose(model.id) : actions.chooseEmbedder(model.id))}
        >
          {chat ? t('models.use') : t('models.useEmbedder')}
        </Button>
      )}
      {here && chat && (
        <>
          <Button disabled={actions.busy} onClick={() => void measure()}>
            {measuring ? t('models.measuring') : t('models.measure')}
          </Button>
          <Button aria-expanded={settingsOpen} onClick={onSettings}>
            {t('models.settings')}
          </Button>
        </>
      )}
      {model.removal && !running && (
        <Button kind="danger" disabled={actions.busy} onClick={() => setRemoving(true)}>
          {model.removal === 'forget' ? t('models.removal.forget') : t('models.removal.delete')}
        </Button>
      )}
      {removing && (
        <RemoveDialog
          model={model}
          onClose={() => setRemoving(false)}
          onRemove={() => {
            setRemoving(false)
            void actions.remove(model.id)
          }}
        />
      )}
    </div>
  )
}

function RemoveDialog({ model, onClose, onRemove }: { model: ModelView; onClose(): void; onRemove(): void }) {
  const { t } = useTranslation()
  const { name } = model
  const forget = model.removal === 'forget'
  const bytes = model.path === null ? (model.partialBytes ?? 0) : (model.bytes ?? 0)
  return (
    <Dialog
      title={forget ? t('models.removal.forgetTitle', { name }) : t('models.removal.deleteTitle', { name })}
      onClose={onClose}
    >
      <p className="text-sm">
        {forget
          ? t('models.removal.forgetText', { path: model.path })
          : t('models.removal.deleteText', { size: formatBytes(bytes) })}
      </p>
      {model.active && <p className="mt-2 text-sm text-warning-text">{t('models.removal.active')}</p>}
      <DialogButtons>
        <Button data-first-focus onClick={onClose}>
          {t('models.removal.keep')}
        </Button>
        <Button kind="danger" onClick={onRemove}>
          {forget ? t('models.removal.forget') : t('models.removal.delete')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}

function downloadLabel(t: TFunction, model: ModelView, download: DownloadState | undefined): string {
  if (download?.state === 'failed') return t('action.tryAgain')
  if ((model.partialBytes ?? 0) > 0) return t('models.resume', { size: formatBytes(model.partialBytes ?? 0) })
  return model.bytes === null ? t('models.download') : t('models.downloadSize', { size: formatBytes(model.bytes) })
}
