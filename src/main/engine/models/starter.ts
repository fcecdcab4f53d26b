// The starter model's file, for what runs on a real model without the app: the demo, the evaluation, the bench.
import { readCatalogue } from './catalogue.ts'
import { modelFolders } from './paths.ts'
import { createShelf } from './shelf.ts'

/**
 * @param modelsFolder where downloads go, by default this system's place for them; what `UNDERSTUDY_MODELS` names is
 *   searched first
 * @returns the path of the starter when it is on this disk (checked by SHA-256), else null; fetches nothing
 */
export async function findStarter({
  resourcesFolder,
  modelsFolder = modelFolders().folder,
}: {
  resourcesFolder: string
  modelsFolder?: string
}): Promise<string | null> {
  const catalogue = readCatalogue(resourcesFolder).filter((model) => model.kind === 'chat' && model.starter === true)
  const { found } = await createShelf(catalogue, { folder: modelsFolder, own: modelFolders().own }).scan()
  return found.values().next().value ?? null
}
