// The contract's memory and learning parts, answered by the learning machine.
import { procedures } from '../procedures.ts'
import type { Learning } from './learning.ts'

export function createMemoryProcedures(learning: Learning) {
  const { memory } = procedures
  return {
    list: memory.list.handler(({ input, context }) => learning.list(context.owner, input)),
    search: memory.search.handler(async ({ input, context }) => ({
      hits: await learning.search(context.owner, input.query, input.limit ?? 20),
    })),
    get: memory.get.handler(({ input, context }) => learning.get(context.owner, input.id)),
    add: memory.add.handler(({ input, context }) => learning.add(context.owner, input)),
    edit: memory.edit.handler(({ input, context }) => learning.edit(context.owner, input)),
    sharePreview: memory.sharePreview.handler(({ input, context }) => learning.sharePreview(context.owner, input)),
    share: memory.share.handler(({ input, context }) => learning.share(context.owner, input)),
    pin: memory.pin.handler(({ input, context }) => learning.pin(context.owner, input.id, input.pinned)),
    forgetPreview: memory.forgetPreview.handler(({ input, context }) => learning.forgetPreview(context.owner, input)),
    forget: memory.forget.handler(({ input, context }) => learning.forget(context.owner, input)),
    stateAt: memory.stateAt.handler(({ input, context }) => learning.stateAt(context.owner, input)),
    restorePreview: memory.restorePreview.handler(({ input, context }) =>
      learning.restorePreview(context.owner, input),
    ),
    restore: memory.restore.handler(({ input, context }) => learning.restore(context.owner, input)),
    undo: memory.undo.handler(({ input, context }) => learning.undo(context.owner, input.batchId)),
  }
}

export function createProposalProcedures({ proposals }: Learning) {
  const { proposals: calls } = procedures
  return {
    list: calls.list.handler(({ input, context }) => proposals.list(context.owner, input)),
    get: calls.get.handler(({ input, context }) => proposals.get(context.owner, input.id)),
    accept: calls.accept.handler(({ input, context }) => proposals.accept(context.owner, input.id, input.text)),
    acceptAll: calls.acceptAll.handler(({ input, context }) => proposals.acceptAll(context.owner, input.ids)),
    decline: calls.decline.handler(({ input, context }) =>
      proposals.decline(context.owner, input.id, input.never ?? false),
    ),
  }
}

export function createCurationProcedures({ curation }: Learning) {
  const { curation: calls } = procedures
  return {
    plan: calls.plan.handler(({ input, context }) => curation.plan(context.owner, input)),
    apply: calls.apply.handler(({ input, context }) => curation.apply(context.owner, input)),
  }
}

export function createStoreProcedures({ customStores }: Learning) {
  const { stores: calls } = procedures
  return {
    list: calls.list.handler(async ({ context }) => ({ stores: await customStores.list(context.owner) })),
    create: calls.create.handler(({ input, context }) => customStores.create(context.owner, input.definition)),
    change: calls.change.handler(({ input, context }) => customStores.change(context.owner, input)),
    remove: calls.remove.handler(async ({ input, context }) => {
      await customStores.remove(context.owner, input.id)
      return {}
    }),
    restore: calls.restore.handler(({ input, context }) => customStores.restore(context.owner, input.id)),
    trial: calls.trial.handler(({ input, context, signal }) => customStores.trial(context.owner, input, signal)),
  }
}

export function createDocumentProcedures({ documents }: Learning) {
  const { documents: calls } = procedures
  return {
    add: calls.add.handler(({ input, context }) => documents.add(context.owner, input)),
    list: calls.list.handler(({ input, context }) => documents.list(context.owner, input)),
    get: calls.get.handler(({ input, context }) => documents.get(context.owner, input.id)),
    remove: calls.remove.handler(({ input, context }) => documents.remove(context.owner, input.id)),
    restore: calls.restore.handler(async ({ input, context }) => {
      await documents.restore(context.owner, input.id)
      return {}
    }),
  }
}

export function createEntityProcedures({ entities }: Learning) {
  const { entities: calls } = procedures
  return {
    list: calls.list.handler(({ input, context }) => entities.list(context.owner, input)),
    get: calls.get.handler(({ input, context }) => entities.get(context.owner, input.id)),
    merge: calls.merge.handler(({ input, context }) => entities.merge(context.owner, input)),
    part: calls.part.handler(({ input, context }) => entities.part(context.owner, input.id)),
    split: calls.split.handler(({ input, context }) => entities.split(context.owner, input)),
    rename: calls.rename.handler(({ input, context }) => entities.rename(context.owner, input)),
    addName: calls.addName.handler(({ input, context }) => entities.addName(context.owner, input.id, input.name)),
    archive: calls.archive.handler(({ input, context }) => entities.archive(context.owner, input.id, input.archived)),
    forget: calls.forget.handler(({ input, context }) => entities.forget(context.owner, input)),
  }
}

export function createLearningProcedures(learning: Learning) {
  const { learning: calls } = procedures
  return {
    state: calls.state.handler(({ context }) => learning.state(context.owner)),
    setMode: calls.setMode.handler(({ input, context }) => learning.setMode(context.owner, input.store, input.mode)),
    resetModes: calls.resetModes.handler(({ input, context }) => learning.resetModes(context.owner, input.store)),
    setReadOnly: calls.setReadOnly.handler(({ input, context }) =>
      learning.setReadOnly(context.owner, input.store, input.readOnly),
    ),
    setLevel: calls.setLevel.handler(({ input, context }) => learning.setLevel(context.owner, input.level)),
    react: calls.react.handler(({ input, context }) => learning.react(context.owner, input)),
    retryFailed: calls.retryFailed.handler(async ({ context }) => ({
      count: await learning.retryFailed(context.owner),
    })),
  }
}
