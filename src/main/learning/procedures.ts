// The contract's memory and learning parts, answered by the learning machine.
import { procedures } from '../procedures.ts'
import type { Learning } from './learning.ts'

export function createMemoryProcedures(learning: Learning) {
  const { memory } = procedures
  return {
    list: memory.list.handler(({ input, context }) => learning.list(context.owner, input)),
    matching: memory.matching.handler(({ input, context }) => learning.matching(context.owner, input)),
    search: memory.search.handler(async ({ input, context }) => ({
      hits: await learning.search(context.owner, input.query, input.limit ?? 20),
    })),
    get: memory.get.handler(({ input, context }) => learning.get(context.owner, input.id)),
    uses: memory.uses.handler(({ input, context }) => learning.uses(context.owner, input)),
    related: memory.related.handler(({ input, context }) => learning.related(context.owner, input.id)),
    add: memory.add.handler(({ input, context }) => learning.add(context.owner, input)),
    edit: memory.edit.handler(({ input, context }) => learning.edit(context.owner, input)),
    sharePreview: memory.sharePreview.handler(({ input, context }) => learning.sharePreview(context.owner, input)),
    share: memory.share.handler(({ input, context }) => learning.share(context.owner, input)),
    merge: memory.merge.handler(({ input, context }) => learning.merge(context.owner, input)),
    split: memory.split.handler(({ input, context }) => learning.split(context.owner, input)),
    markWrong: memory.markWrong.handler(({ input, context }) => learning.markWrong(context.owner, input)),
    changeMany: memory.changeMany.handler(({ input, context }) =>
      learning.changeMany(context.owner, input.ids, input.act),
    ),
    pin: memory.pin.handler(({ input, context }) => learning.pin(context.owner, input.id, input.pinned)),
    learnedFrom: memory.learnedFrom.handler(async ({ input, context }) => ({
      count: await learning.learnedFrom(context.owner, input.conversationId),
    })),
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

export function createActivityProcedures(learning: Learning) {
  const { activity: calls } = procedures
  return { list: calls.list.handler(({ input, context }) => learning.activity(context.owner, input)) }
}

export function createProposalProcedures(learning: Learning) {
  const { proposals, trust } = learning
  const { proposals: calls } = procedures
  return {
    list: calls.list.handler(({ input, context }) => proposals.list(context.owner, input)),
    get: calls.get.handler(({ input, context }) => proposals.get(context.owner, input.id)),
    near: calls.near.handler(async ({ input, context }) => ({ items: await proposals.near(context.owner, input.id) })),
    accept: calls.accept.handler(({ input, context }) =>
      proposals.accept(context.owner, input.id, input.text, input.version),
    ),
    acceptAll: calls.acceptAll.handler(({ input, context }) => proposals.acceptAll(context.owner, input.ids)),
    snooze: calls.snooze.handler(async ({ input, context }) => ({
      count: await proposals.snooze(context.owner, input.ids, input.until),
    })),
    decline: calls.decline.handler(({ input, context }) =>
      proposals.decline(context.owner, input.id, input.never ?? false),
    ),
    declineAll: calls.declineAll.handler(({ input, context }) => proposals.declineAll(context.owner, input.ids)),
    offer: calls.offer.handler(async ({ context }) => ({ offer: await trust.offer(context.owner) })),
    answerOffer: calls.answerOffer.handler(async ({ input, context }) => {
      await trust.answer(context.owner, input)
      return learning.state(context.owner)
    }),
  }
}

export function createCurationProcedures({ curation }: Learning) {
  const { curation: calls } = procedures
  return {
    plan: calls.plan.handler(({ input, context }) => curation.plan(context.owner, input)),
    apply: calls.apply.handler(({ input, context }) => curation.apply(context.owner, input)),
  }
}

export function createStoreProcedures({ customStores, storeViews }: Learning) {
  const { stores: calls } = procedures
  return {
    overview: calls.overview.handler(({ input, context }) => storeViews.overview(context.owner, input)),
    rows: calls.rows.handler(({ input, context }) => storeViews.rows(context.owner, input)),
    setNeverKeep: calls.setNeverKeep.handler(({ input, context }) => storeViews.setNeverKeep(context.owner, input)),
    tryNeverKeep: calls.tryNeverKeep.handler(({ input, context }) => storeViews.tryNeverKeep(context.owner, input)),
    previewChange: calls.previewChange.handler(({ input, context }) => storeViews.previewChange(context.owner, input)),
    removed: calls.removed.handler(async ({ context }) => ({ stores: await customStores.removed(context.owner) })),
    list: calls.list.handler(async ({ context }) => ({ stores: await customStores.list(context.owner) })),
    create: calls.create.handler(({ input, context }) => customStores.create(context.owner, input.definition)),
    change: calls.change.handler(({ input, context }) => customStores.change(context.owner, input)),
    remove: calls.remove.handler(async ({ input, context }) => {
      await customStores.remove(context.owner, input.id)
      return {}
    }),
    restore: calls.restore.handler(({ input, context }) => customStores.restore(context.owner, input.id)),
    trial: calls.trial.handler(async function* ({ input, context, signal }) {
      yield* customStores.trial(context.owner, input, signal)
    }),
  }
}

export function createWritingProcedures({ writing }: Learning) {
  const { writing: calls } = procedures
  return {
    addSample: calls.addSample.handler(({ input, context }) => writing.addSample(context.owner, input.text)),
    rewrite: calls.rewrite.handler(async function* ({ input, context, signal }) {
      yield* writing.rewrite(context.owner, input.text, signal)
    }),
  }
}

export function createDocumentProcedures(documents: Learning['documents']) {
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
    personNamed: calls.personNamed.handler(({ input, context }) => entities.personNamed(context.owner, input.name)),
    graph: calls.graph.handler(({ input, context }) => entities.graph(context.owner, input.id, input.types)),
    merge: calls.merge.handler(({ input, context }) => entities.merge(context.owner, input)),
    part: calls.part.handler(({ input, context }) => entities.part(context.owner, input.id)),
    split: calls.split.handler(({ input, context }) => entities.split(context.owner, input)),
    rename: calls.rename.handler(({ input, context }) => entities.rename(context.owner, input)),
    addName: calls.addName.handler(({ input, context }) => entities.addName(context.owner, input.id, input.name)),
    removeName: calls.removeName.handler(({ input, context }) =>
      entities.removeName(context.owner, input.id, input.name),
    ),
    archive: calls.archive.handler(({ input, context }) => entities.archive(context.owner, input.id, input.archived)),
    forget: calls.forget.handler(({ input, context }) => entities.forget(context.owner, input)),
  }
}

export function createSessionProcedures({ sessions }: Learning) {
  const { session: calls } = procedures
  return {
    get: calls.get.handler(({ input, context }) => sessions.get(context.owner, input.conversationId)),
    add: calls.add.handler(({ input, context }) => sessions.add(context.owner, input)),
    check: calls.check.handler(({ input, context }) => sessions.check(context.owner, input)),
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
