// The attachments part of the contract.
import { AppError } from '../../shared/errors.ts'
import type { ConversationId } from '../../shared/ids.ts'
import { procedures } from '../procedures.ts'
import type { Attachments } from './attachments.ts'

/** @param isIncognito whether a chat may leave nothing on disk: files are kept there */
export function createAttachmentProcedures(attachments: Attachments, isIncognito: (id: ConversationId) => boolean) {
  const { attachments: calls } = procedures
  return {
    begin: calls.begin.handler(async ({ input, context }) => {
      if (isIncognito(input.conversationId)) {
        throw new AppError(
          'NOT_ALLOWED',
          'An incognito chat takes no files: they would be kept on disk. Nothing was kept. Copy the text that matters, or attach it in another chat.',
        )
      }
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
