// A learning machine with exports and imports on a database of its own, for tests of transfer.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportSelection } from '../../shared/exports.ts'
import { type ImportId, newId } from '../../shared/ids.ts'
import type { CsvMapping, ImportChoices, ImportView } from '../../shared/imports.ts'
import { OWNER, openTestLearning, type TestLearning, withoutVectors } from '../learning/testing.ts'
import { createExports, type Exports } from './export/exports.ts'
import { createImports, type Imports } from './import/imports.ts'

export interface TestTransfer extends TestLearning {
  folder: string
  exports: Exports
  imports: Imports
  /** Whether nobody has used the app for so many milliseconds; always, unless a test says otherwise. */
  isLeftAlone: (ms: number) => boolean
  /** Makes an archive of everything, or of a selection. @returns its path */
  archive(options?: { selection?: Partial<ExportSelection>; passphrase?: string }): Promise<string>
  /** The dry run of a file. */
  read(path: string, options?: { passphrase?: string; mapping?: CsvMapping; owner?: string }): Promise<ImportView>
  /** Takes over what a dry run found. */
  take(view: ImportView, choices?: Partial<ImportChoices>, owner?: string): Promise<ImportView>
}

export const choices: ImportChoices = { own: false, onConflict: 'skip', leaveOutRefused: true, learn: false }

/** @param vectors with the bundled embedder; without it nothing is embedded */
export async function openTestTransfer({ vectors = false } = {}): Promise<TestTransfer> {
  const test = await openTestLearning(vectors ? {} : { embedder: withoutVectors })
  const folder = mkdtempSync(join(tmpdir(), 'understudy-transfer-'))
  const { db, clock, log, jobs, learning } = test
  const exports = createExports({
    ...{ db, clock, log, appVersion: '0.0.0-test', folder: join(folder, 'exports'), onChange: () => {} },
    titleOf: (store) => store,
  })
  const imports = createImports({
    ...{ db, clock, log, jobs, learning, folder: join(folder, 'imports'), onChange: () => {} },
    isLeftAlone: (ms) => all.isLeftAlone(ms),
    backUp: async () => {},
    onPublished: async () => {},
  })
  let files = 0
  const all: TestTransfer = {
    ...test,
    isLeftAlone: () => true,
    folder,
    exports,
    imports,
    async archive({ selection = {}, passphrase } = {}) {
      const path = join(folder, `archive-${++files}.zip`)
      const wish = { type: 'archive' as const, selection: { conversations: true, ...selection } }
      const { id } = await exports.begin(OWNER, { wish, passphrase: passphrase ?? null, path })
      const view = await exports.settled(OWNER, id)
      if (view.state !== 'ready') throw new Error(`export ${view.state}: ${view.error}`)
      await exports.discard(OWNER, id)
      return path
    },
    async read(path, { passphrase, mapping, owner = OWNER } = {}) {
      const id = newId<ImportId>()
      await imports.begin(owner, { id, path, passphrase: passphrase ?? null, mapping: mapping ?? null })
      return await imports.settled(owner, id)
    },
    async take(view, chosen = {}, owner = OWNER) {
      await imports.publish(owner, view.id, { ...choices, ...chosen })
      return await imports.settled(owner, view.id)
    },
    async close() {
      await exports.close()
      await imports.close()
      await test.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return all
}
