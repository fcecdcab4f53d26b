// The starter model on this computer, for what runs on a real model.
import { basename } from 'node:path'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { findStarter } from '../src/main/engine/models/starter.ts'

/** @throws Error with the command that gets the model */
export async function requireStarter(): Promise<{ path: string; name: string }> {
  const path = await findStarter({ resourcesFolder: resourcesFolder() })
  if (!path) {
    throw new Error('The starter model is not on this computer. Get it with:  npm run model -- get qwen2.5-coder-1.5b')
  }
  return { path, name: basename(path, '.gguf') }
}
