// What to use instead of a model that cannot be loaded: one sentence, with the best model that needs clearly less.
import type { CatalogueModel } from './catalogue.ts'
import type { ShelfState } from './shelf.ts'

/**
 * @param wanted the model that shall be loaded; `bytes` of its file, null when not known
 * @returns a sentence for a person, one that is on disk before one that must be downloaded; null when there is no smaller
 */
export function smallerModel(
  catalogue: readonly CatalogueModel[],
  state: Pick<ShelfState, 'found'>,
  wanted: { id: string; bytes: number | null },
): string | null {
  const most = (wanted.bytes ?? Number.POSITIVE_INFINITY) * 0.8
  const smaller = catalogue
    .filter((model) => model.kind === 'chat' && model.id !== wanted.id && model.rank !== null)
    .filter((model) => model.bytes !== null && model.bytes <= most)
    .sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
  const here = smaller.find((model) => state.found.has(model.id))
  const best = here ?? smaller.at(0)
  if (!best) return null
  return `${best.name} needs less memory${here ? ' and is on this computer' : ' and can be downloaded'}.`
}
