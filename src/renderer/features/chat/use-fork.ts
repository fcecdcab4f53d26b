// Makes a new chat of everything up to a message, and goes there.
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAct } from './use-act.ts'

export function useFork(conversationId: ConversationId): (messageId: MessageId) => void {
  const client = useClient()
  const { act } = useAct()
  return (messageId) => {
    void act(async () => {
      const fork = await client.chat.fork({ conversationId, messageId })
      navigate(hrefs.chat(fork.id))
    })
  }
}
