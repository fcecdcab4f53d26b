// The starter model's file, for what runs on a real model without the app: the demo, the evaluation, the bench.
import { readCatalogue } from './catalogue.ts'
import { type ModelFolders, modelFolders } from './paths.ts'
import { createShelf } from './shelf.ts'

/** @returns the path of the starter when it is on this disk (checked by SHA-256), else null; fetches nothing */
export async function findStarter({
  resourcesFolder,
  folders = modelFolders(),
}: {
  resourcesFolder: string
  folders?: ModelFolders
}): Promise<string | null> {
  const catalogue = readCatalogue(resourcesFolder).filter((model) => model.kind === 'chat' && model.starter === true)
  const { found } = await createShelf(catalogue, folders).scan()
  return found.values().next().value ?? null
}
