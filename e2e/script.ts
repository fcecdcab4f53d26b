// Models with exact answers for journeys, and the steps that make one the app's model.
import { join } from 'node:path'
import { randomModel, type ScriptedAnswer, scriptedModel } from '../src/main/engine/testing/models.ts'
import { test as base } from './app.ts'
import { Window } from './pages/window.ts'

export { expect } from './app.ts'

/** What learning may ask the model of a sentence no journey cares about: rules word what the journeys tell. */
const NOTHING: ScriptedAnswer = { beside: '1.', answer: JSON.stringify([{ n: 1, label: 'books' }]) }

interface ScriptFixtures {
  /** What the model answers; the one without `word` answers everything else. An object, as Playwright reads arrays its own way. */
  script: { answers: ScriptedAnswer[] }
  modelFile: string
  /** The page with that model chosen and a new chat open. */
  window: Window
}

export const test = base.extend<ScriptFixtures>({
  script: [{ answers: [{ answer: 'Very well.' }] }, { option: true }],

  modelFile: async ({ folder, script }, use) => {
    const file = join(folder, 'scripted.gguf')
    scriptedModel(file, [NOTHING, ...script.answers])
    await use(file)
  },

  window: async ({ page, modelFile }, use) => {
    const window = new Window(page)
    await window.useModelFile(modelFile)
    await use(window)
  },
})

/** A model that writes nonsense for a while: time to stop it, scroll it, watch it. */
export function slowModel(folder: string): string {
  const file = join(folder, 'slow.gguf')
  randomModel(file, { layers: 3, width: 256, name: 'slow' })
  return file
}
