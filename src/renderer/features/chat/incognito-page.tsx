// The incognito chat: looks like no other page, says what it is as long as it is open, and has one button that ends it.
import { Ghost } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '../../../shared/ids.ts'
import { useEndIncognito, useIncognitoChat } from '../../app/incognito.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { isAnswering, lastQuestionOf } from './chat-state.ts'
import { Composer } from './composer.tsx'
import { IncognitoContext } from './incognito-context.ts'
import { Transcript } from './transcript.tsx'
import { useChat } from './use-chat.ts'
import { useTurnAnnouncements } from './use-turn-announcements.ts'

export function IncognitoPage() {
  const { t } = useTranslation()
  const id = useWindow((state) => state.incognito)
  const open = useIncognitoChat()
  const end = useEndIncognito()
  useEffect(() => {
    // Never words of the chat: browsers keep the titles of pages.
    document.title = t('app.title', { page: t('incognito.title') })
  }, [t])
  return (
    <>
      <PageHeader title={t('incognito.title')} badge={<Ghost aria-hidden="true" className="size-4" />}>
        {id !== null && (
          <Button kind="strong" onClick={end}>
            {t('incognito.end')}
          </Button>
        )}
      </PageHeader>
      {id === null ? (
        <Empty title={t('incognito.goneTitle')} text={t('incognito.goneText')}>
          <Button onClick={open}>{t('incognito.open')}</Button>
        </Empty>
      ) : (
        <IncognitoContext value={true}>
          <OpenChat key={id} id={id} />
        </IncognitoContext>
      )}
    </>
  )
}

function OpenChat({ id }: { id: ConversationId }) {
  const { t } = useTranslation()
  const { chat, readMore, toLatest } = useChat(id, null)
  const answering = isAnswering(chat)
  useTurnAnnouncements(chat)
  const said = (chat?.messages.length ?? 0) > 0
  return (
    <div className="flex min-h-0 flex-1 flex-col border-4 border-dashed border-edge bg-panel">
      <p role="note" className="flex shrink-0 items-center gap-2 bg-strong px-4 py-1.5 text-sm text-on-strong">
        <Ghost aria-hidden="true" className="size-4 shrink-0" />
        {t('incognito.note')}
      </p>
      {chat && said ? (
        <Transcript {...{ chat, answering, readMore, toLatest }} target={null} />
      ) : (
        <div className="mx-auto flex min-h-0 max-w-xl flex-1 flex-col justify-center gap-2 px-5 pb-16 text-center">
          <h2 className="text-xl">{t('incognito.welcomeTitle')}</h2>
          <p className="text-dim">{t('incognito.welcomeText')}</p>
        </div>
      )}
      <Composer
        {...{ id, answering }}
        isNew={false}
        mode="incognito"
        projectId={null}
        lastQuestion={lastQuestionOf(chat)}
        queue={chat?.queue}
      />
    </div>
  )
}
