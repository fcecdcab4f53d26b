// The chat part of the contract.
import { procedures } from '../procedures.ts'
import type { Chat } from './chat.ts'

export function createChatProcedures(chat: Chat) {
  return {
    list: procedures.chat.list.handler(({ input, context }) => chat.list(context.owner, input)),
    watch: procedures.chat.watch.handler(async function* ({ input, context, signal }) {
      yield* chat.watch(context.owner, input.id, signal)
    }),
    send: procedures.chat.send.handler(async ({ input, context }) => ({
      answerId: await chat.send(context.owner, input),
    })),
    stop: procedures.chat.stop.handler(({ input, context }) => {
      chat.stop(context.owner, input.conversationId)
      return {}
    }),
    retry: procedures.chat.retry.handler(async ({ input, context }) => ({
      answerId: await chat.retry(context.owner, input),
    })),
    bar: procedures.chat.bar.handler(async ({ input, context }) => ({
      messages: await chat.bar(context.owner, input.conversationId, input.messageId),
    })),
    allow: procedures.chat.allow.handler(async ({ input, context }) => {
      await chat.allow(context.owner, input.messages)
      return {}
    }),
    setMode: procedures.chat.setMode.handler(({ input, context }) => chat.setMode(context.owner, input.id, input.mode)),
    rename: procedures.chat.rename.handler(({ input, context }) => chat.rename(context.owner, input.id, input.title)),
    trash: procedures.chat.trash.handler(async ({ input, context }) => {
      await chat.trash(context.owner, input.id)
      return {}
    }),
    restore: procedures.chat.restore.handler(({ input, context }) => chat.restore(context.owner, input.id)),
  }
}
