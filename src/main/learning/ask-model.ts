// A background question to the model, as extraction asks it.
import type { Ask } from './extraction/extract.ts'
import type { LearningPorts } from './ports.ts'

/** Broken output counts as no answer; a model that is not there is an error, and the job comes back later. */
export function askModel({ model, log }: Pick<LearningPorts, 'model' | 'log'>, signal: AbortSignal): Ask {
  return async (request) => {
    try {
      return await model.json({ ...request, signal })
    } catch (error) {
      if ((error as Error).name !== 'GrammarBroken') throw error
      log.warn('the model did not keep to the grammar; the sentences are kept in their own words')
      return null
    }
  }
}
