// The incognito chat: looks like no other page, says what it is as long as it is open, has one button that ends it, and one
// that keeps it.
import { Ghost } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '../../../shared/ids.ts'
import { useEndIncognito, useIncognitoChat } from '../../app/incognito.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ChatFiles } from '../attachments/chat-files.tsx'
import { useUploads } from '../attachments/uploads.ts'
import { outlineOf } from './chat-state.ts'
import { Composer } from './composer.tsx'
import { IncognitoContext } from './incognito-context.ts'
import { KeepIncognitoDialog } from './keep-incognito-dialog.tsx'
import { Transcript } from './transcript.tsx'
import { useChatPart, useFollowedChat } from './use-chat.ts'
import { useTurnAnnouncements } from './use-turn-announcements.ts'

export function IncognitoPage() {
  const { t } = useTranslation()
  const id = useWindow((state) => state.incognito)
  const open = useIncognitoChat()
  useEffect(() => {
    // Never words of the chat: browsers keep the titles of pages.
    document.title = t('app.title', { page: t('incognito.title') })
  }, [t])
  if (id === null) {
    return (
      <>
        <Header />
        <Empty title={t('incognito.goneTitle')} text={t('incognito.goneText')}>
          <Button onClick={open}>{t('incognito.open')}</Button>
        </Empty>
      </>
    )
  }
  return (
    <IncognitoContext value={true}>
      <OpenChat key={id} id={id} />
    </IncognitoContext>
  )
}

function Header({ children }: { children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <PageHeader title={t('incognito.title')} badge={<Ghost aria-hidden="true" className="size-4 shrink-0" />}>
      {children}
    </PageHeader>
  )
}

function OpenChat({ id }: { id: ConversationId }) {
  const { t } = useTranslation()
  const { readMore, toLatest } = useFollowedChat(id, null)
  const chat = useChatPart(id, outlineOf)
  const end = useEndIncognito()
  const [keeping, setKeeping] = useState(false)
  const answering = chat?.answering ?? false
  const attaching = useUploads(({ uploads }) => uploads[id]?.some(({ problem }) => problem === null) ?? false)
  useTurnAnnouncements(chat?.ending)
  const said = chat !== undefined && !chat.empty
  return (
    <>
      <Header>
        <ChatFiles id={id} />
        <Button kind="strong" onClick={end}>
          {t('incognito.end')}
        </Button>
      </Header>
      <div className="flex min-h-0 flex-1 flex-col border-4 border-dashed border-edge bg-panel">
        <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 bg-strong px-4 py-1.5">
          <p role="note" className="flex flex-1 basis-64 items-center gap-2 text-sm text-on-strong">
            <Ghost aria-hidden="true" className="size-4 shrink-0" />
            {t('incognito.note')}
          </p>
          {said && (
            <Button
              disabled={answering || attaching}
              title={answering || attaching ? t('incognito.keepLater') : undefined}
              onClick={() => setKeeping(true)}
            >
              {t('incognito.keep')}
            </Button>
          )}
        </div>
        {said ? (
          <Transcript {...{ id, answering, readMore, toLatest }} target={null} />
        ) : (
          <div className="mx-auto flex min-h-0 max-w-xl flex-1 flex-col justify-center gap-2 px-5 pb-16 text-center">
            <h2 className="text-xl">{t('incognito.welcomeTitle')}</h2>
            <p className="text-balance text-dim">{t('incognito.welcomeText')}</p>
          </div>
        )}
        <Composer
          {...{ id, answering }}
          isNew={false}
          mode="incognito"
          projectId={null}
          lastQuestion={chat?.lastQuestion ?? null}
          queue={chat?.queue}
        />
      </div>
      {keeping && <KeepIncognitoDialog id={id} onClose={() => setKeeping(false)} />}
    </>
  )
}
