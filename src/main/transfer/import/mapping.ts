// Which column of a table fills which field of a store: whether there are such a store and such fields.
import type { StoreOverview } from '../../../shared/contract/stores.ts'
import { AppError } from '../../../shared/errors.ts'
import type { CsvMapping } from '../../../shared/imports.ts'

/**
 * @param stores those of the owner
 * @throws AppError INVALID_INPUT where the store or one of the fields is none
 */
export function checkMapping({ store, columns }: CsvMapping, stores: readonly StoreOverview[]): void {
  const found = stores.find(({ id }) => id === store)
  if (!found) {
    const possible = stores.map(({ id }) => id).join(', ')
    throw new AppError('INVALID_INPUT', `There is no store “${store}”. Possible: ${possible}.`, { field: 'store' })
  }
  const fields = ['text', ...found.fields.filter(({ fixed }) => !fixed).map(({ key }) => key)]
  const unknown = Object.values(columns).find((name) => name !== '' && !fields.includes(name))
  if (unknown === undefined) return
  throw new AppError(
    'INVALID_INPUT',
    `“${found.title}” has no field “${unknown}”. Possible: ${fields.join(', ')}. Nothing was changed.`,
    { field: 'columns' },
  )
}
