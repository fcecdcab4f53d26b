// The models part of the contract, bound to the service.
import { procedures } from '../../procedures.ts'
import type { Models } from './models.ts'

/** @param chooseFile opens the system's file dialog and answers null when cancelled; absent where a shell has none */
export function createModelProcedures(
  models: Models,
  { chooseFile }: { chooseFile?: (() => Promise<string | null>) | undefined },
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
    restart: procedures.models.restart.handler(async () => {
      await models.restart()
      return {}
    }),
  }
}
