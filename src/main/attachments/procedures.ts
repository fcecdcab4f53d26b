// The attachments part of the contract.
import { procedures } from '../procedures.ts'
import type { Attachments } from './attachments.ts'
import type { NewUpload } from './uploads.ts'

/** @param attachments of all chats; those in memory answer for themselves */
export function createAttachmentProcedures(
  attachments: Pick<Attachments, 'piece' | 'finish' | 'cancel' | 'list'> & {
    begin(owner: string, upload: NewUpload & { incognito: boolean }): Promise<void>
  },
) {
  const { attachments: calls } = procedures
  return {
    begin: calls.begin.handler(async ({ input, context }) => {
      await attachments.begin(context.owner, input)
      return {}
    }),
    piece: calls.piece.handler(({ input, context }) => {
      attachments.piece(context.owner, input)
      return {}
    }),
    finish: calls.finish.handler(({ input, context }) => attachments.finish(context.owner, input.id)),
    cancel: calls.cancel.handler(({ input, context }) => {
      attachments.cancel(context.owner, input.id)
      return {}
    }),
    list: calls.list.handler(({ input, context }) => attachments.list(context.owner, input.conversationId)),
  }
}
