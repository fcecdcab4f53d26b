// The exports and imports parts of the contract.
import { procedures } from '../procedures.ts'
import type { Exports } from './export/exports.ts'
import type { Imports } from './import/imports.ts'

export function createExportProcedures(exports: Exports) {
  const { exports: calls } = procedures
  return {
    preview: calls.preview.handler(({ input, context }) => exports.preview(context.owner, input)),
    namespaces: calls.namespaces.handler(async ({ context }) => ({
      namespaces: await exports.namespaces(context.owner),
    })),
    begin: calls.begin.handler(({ input, context }) => exports.begin(context.owner, input)),
    list: calls.list.handler(({ context }) => ({ exports: exports.list(context.owner) })),
    get: calls.get.handler(({ input, context }) => exports.get(context.owner, input.id)),
    piece: calls.piece.handler(async ({ input, context }) => ({
      data: (await exports.piece(context.owner, input.id, input.at)).toString('base64'),
    })),
    discard: calls.discard.handler(async ({ input, context }) => {
      await exports.discard(context.owner, input.id)
      return {}
    }),
  }
}

export function createImportProcedures(imports: Imports) {
  const { imports: calls } = procedures
  return {
    upload: calls.upload.handler(async ({ input }) => {
      await imports.uploads.begin(input.id, input.name, input.bytes)
      return {}
    }),
    piece: calls.piece.handler(async ({ input }) => {
      await imports.uploads.piece(input.id, input.name, input.at, Buffer.from(input.data, 'base64'))
      return {}
    }),
    begin: calls.begin.handler(({ input, context }) => imports.begin(context.owner, input)),
    list: calls.list.handler(async ({ context }) => ({ imports: await imports.list(context.owner) })),
    get: calls.get.handler(({ input, context }) => imports.get(context.owner, input.id)),
    rows: calls.rows.handler(({ input, context }) => imports.rows(context.owner, input)),
    publish: calls.publish.handler(({ input, context }) => imports.publish(context.owner, input.id, input.choices)),
    cancel: calls.cancel.handler(async ({ input, context }) => {
      await imports.cancel(context.owner, input.id)
      return {}
    }),
    undo: calls.undo.handler(({ input, context }) => imports.undo(context.owner, input.id)),
    pauseLearning: calls.pauseLearning.handler(async ({ input, context }) => {
      await imports.pauseLearning(context.owner, input.id)
      return {}
    }),
    resumeLearning: calls.resumeLearning.handler(async ({ input, context }) => {
      await imports.resumeLearning(context.owner, input.id)
      return {}
    }),
    stopLearning: calls.stopLearning.handler(async ({ input, context }) => {
      await imports.stopLearning(context.owner, input.id)
      return {}
    }),
  }
}
