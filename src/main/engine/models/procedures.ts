// The models part of the contract, bound to the service.

import type { EngineActivity } from '../../../shared/contract/models.ts'
import { procedures } from '../../procedures.ts'
import type { Models } from './models.ts'

/**
 * @param parts.activity what the engine is doing
 * @param parts.chooseFile opens the system's file dialog and answers null when cancelled; absent where a shell has none
 */
export function createModelProcedures(
  models: Models,
  {
    chooseFile,
    activity,
  }: { chooseFile?: (() => Promise<string | null>) | undefined; activity: () => Promise<EngineActivity> },
) {
  return {
    list: procedures.models.list.handler(() => models.list()),
    download: procedures.models.download.handler(({ input }) => models.download(input.id, { use: input.use })),
    cancelDownload: procedures.models.cancelDownload.handler(async ({ input }) => {
      await models.cancel(input.id)
      return {}
    }),
    use: procedures.models.use.handler(async ({ input }) => {
      await models.use(input.id)
      return {}
    }),
    useFile: procedures.models.useFile.handler(async ({ input }) => {
      await models.useFile(input.path)
      return {}
    }),
    chooseFile: procedures.models.chooseFile.handler(async () => ({
      path: chooseFile ? await chooseFile() : null,
      available: chooseFile !== undefined,
    })),
    inspect: procedures.models.inspect.handler(({ input }) => models.inspect(input.path)),
    addFile: procedures.models.addFile.handler(async ({ input }) => ({ id: await models.addFile(input.path) })),
    remove: procedures.models.remove.handler(async ({ input }) => {
      await models.remove(input.id, { evenActive: input.evenActive })
      return {}
    }),
    measure: procedures.models.measure.handler(({ input }) => models.measure(input.id)),
    configure: procedures.models.configure.handler(async ({ input }) => {
      await models.configure(input.id, input.settings)
      return {}
    }),
    useEmbedder: procedures.models.useEmbedder.handler(async ({ input }) => {
      await models.useEmbedder(input.id)
      return {}
    }),
    pauseEmbedder: procedures.models.pauseEmbedder.handler(async () => {
      await models.pauseEmbedder()
      return {}
    }),
    resumeEmbedder: procedures.models.resumeEmbedder.handler(async () => {
      await models.resumeEmbedder()
      return {}
    }),
    activity: procedures.models.activity.handler(() => activity()),
    restart: procedures.models.restart.handler(async () => {
      await models.restart()
      return {}
    }),
  }
}
