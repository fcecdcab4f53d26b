// Why an answer is not whole, and the next step: go on with it, or another one.
import { RefreshCw, StepForward } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { failureWords } from '../../app/failure.ts'
import { Button } from '../../ui/button.tsx'
import { useAct } from './use-act.ts'

interface AnswerEndingProps {
  conversation: ConversationId
  message: MessageView
  /** It is the end of the chat: it can be gone on with. */
  last: boolean
  answering: boolean
}

export function AnswerEnding({ conversation, message, last, answering }: AnswerEndingProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { busy, act } = useAct()
  const { status, id: messageId } = message
  if (status === 'pending' || status === 'complete') return null
  const failed = status === 'failed'
  const answer = { conversationId: conversation, messageId }
  const why = message.stats?.repeated ? t('ended.repeated') : t(`ended.${status}`)
  return (
    <div
      className={`mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm ${failed ? 'rounded-control bg-danger-soft px-3 py-2 text-danger' : 'text-dim'}`}
    >
      <p className="min-w-0 flex-1 basis-60">
        {failed && message.error ? failureWords(t, message.error) : why}
        {failed && message.text !== '' && ` ${t('ended.kept')}`}
      </p>
      {last && !failed && message.text !== '' && (
        <Button onClick={() => void act(() => client.chat.goOn(answer))} disabled={busy || answering}>
          <StepForward className="size-4" />
          {t('answer.goOn')}
        </Button>
      )}
      <Button onClick={() => void act(() => client.chat.retry(answer))} disabled={busy || answering}>
        <RefreshCw className="size-4" />
        {t('action.tryAgain')}
      </Button>
    </div>
  )
}
