// The chat part of the contract.
import { procedures } from '../procedures.ts'
import type { Incognito } from './incognito.ts'
import type { Chat } from './service.ts'

/** @param normal the chats that are kept; those in memory answer for themselves */
export function createChatProcedures(normal: Chat, incognito: Incognito) {
  const chat = incognito.over(normal)
  return {
    keepIncognito: procedures.chat.keepIncognito.handler(async function* ({ input, context, signal }) {
      yield* incognito.keep(context.owner, input.id, signal)
    }),
    endIncognito: procedures.chat.endIncognito.handler(async ({ input, context }) => {
      await incognito.end(context.owner, input.id)
      return {}
    }),
    saveIncognito: procedures.chat.saveIncognito.handler(({ input, context }) =>
      incognito.keepForGood(context.owner, input.id),
    ),
    list: procedures.chat.list.handler(({ input, context }) => chat.list(context.owner, input)),
    watch: procedures.chat.watch.handler(async function* ({ input, context, signal }) {
      yield* chat.watch(context.owner, input.id, signal, input.around)
    }),
    send: procedures.chat.send.handler(async ({ input, context }) => ({
      answerId: await chat.sendOrQueue(context.owner, input),
    })),
    page: procedures.chat.page.handler(({ input, context }) => chat.page(context.owner, input)),
    changeQueued: procedures.chat.changeQueued.handler(async ({ input, context }) => {
      await chat.changeQueued(context.owner, input.messageId, input.text)
      return {}
    }),
    removeQueued: procedures.chat.removeQueued.handler(async ({ input, context }) => {
      await chat.removeQueued(context.owner, input.messageId)
      return {}
    }),
    sendQueued: procedures.chat.sendQueued.handler(async ({ input, context }) => {
      await chat.sendQueued(context.owner, input.conversationId)
      return {}
    }),
    goOn: procedures.chat.goOn.handler(async ({ input, context }) => {
      await chat.goOn(context.owner, input)
      return {}
    }),
    showBranch: procedures.chat.showBranch.handler(async ({ input, context }) => {
      await chat.showBranch(context.owner, input)
      return {}
    }),
    fork: procedures.chat.fork.handler(({ input, context }) => chat.fork(context.owner, input)),
    change: procedures.chat.change.handler(({ input, context }) => chat.change(context.owner, input)),
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
    decideCall: procedures.chat.decideCall.handler(async ({ input, context }) => {
      await chat.decideCall(context.owner, input)
      return {}
    }),
    removeToolRule: procedures.chat.removeToolRule.handler(({ input, context }) =>
      chat.removeToolRule(context.owner, input),
    ),
    rename: procedures.chat.rename.handler(({ input, context }) => chat.rename(context.owner, input.id, input.title)),
    trash: procedures.chat.trash.handler(async ({ input, context }) => {
      await chat.trash(context.owner, input.id)
      return {}
    }),
    restore: procedures.chat.restore.handler(({ input, context }) => chat.restore(context.owner, input.id)),
  }
}

export function createProjectProcedures({ projects }: Chat) {
  return {
    list: procedures.projects.list.handler(async ({ context }) => ({ items: await projects.list(context.owner) })),
    create: procedures.projects.create.handler(({ input, context }) => projects.create(context.owner, input)),
    change: procedures.projects.change.handler(({ input, context }) => projects.change(context.owner, input)),
    trash: procedures.projects.trash.handler(async ({ input, context }) => {
      await projects.trash(context.owner, input.id)
      return {}
    }),
    restore: procedures.projects.restore.handler(({ input, context }) => projects.restore(context.owner, input.id)),
  }
}
