// The search part of the contract.
import { procedures } from '../procedures.ts'
import type { Find } from './find.ts'

export function createSearchProcedures(find: Find) {
  const { search } = procedures
  return {
    find: search.find.handler(({ input, context, signal }) => find.find(context.owner, input, signal)),
    inConversation: search.inConversation.handler(({ input, context }) =>
      find.inConversation(context.owner, input.conversationId, input.query),
    ),
  }
}
