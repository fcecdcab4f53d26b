// Names an embedder so exactly that vectors of two embedders are never compared.
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { type ModelFile, readModelFileSync } from './gguf.ts'

export interface EmbedderIdentity {
  /** File name, a fingerprint of the file, dimensions and version of the prompts. */
  model: string
  dimensions: number
}

/**
 * Known before anything is loaded, in a few milliseconds. The fingerprint covers length, header and both ends of the
 * file; the whole of it is not read.
 * @returns zero dimensions when the file is not there or not a model; embedding then says so
 */
export function identifyEmbedder(path: string): EmbedderIdentity {
  try {
    const file = readModelFileSync(path)
    const dimensions = file.embeddingLength ?? 0
    const { version } = embeddingPrompts(file)
    return { model: `${basename(path)} ${fingerprint(path)} ${dimensions} ${version}`, dimensions }
  } catch {
    return { model: `${basename(path)} missing`, dimensions: 0 }
  }
}

function fingerprint(path: string): string {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const end = Math.min(1024 * 1024, size)
    const buffer = Buffer.alloc(end)
    const hash = createHash('sha256').update(String(size))
    for (const position of [0, size - end]) {
      readSync(descriptor, buffer, 0, end, position)
      hash.update(buffer)
    }
    return hash.digest('hex').slice(0, 12)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * What models want in front of questions and of texts, from their model cards. Matched by name: the files do not say.
 * Raise the version when a text changes, so that stored vectors are made anew.
 */
const prompts: { model: RegExp; query: string; document: string; version: string }[] = [
  {
    model: /gemma/i,
    query: 'task: search result | query: ',
    document: 'title: none | text: ',
    version: 'gemma-1',
  },
  { model: /nomic/i, query: 'search_query: ', document: 'search_document: ', version: 'nomic-1' },
  { model: /(^|[^a-z])e5([^a-z]|$)/i, query: 'query: ', document: 'passage: ', version: 'e5-1' },
  {
    model: /bge.*-en|bge-.*en/i,
    query: 'Represent this sentence for searching relevant passages: ',
    document: '',
    version: 'bge-1',
  },
  { model: /arctic/i, query: 'query: ', document: '', version: 'arctic-1' },
  {
    model: /qwen3/i,
    query: 'Instruct: Given a question, find the notes that answer it\nQuery:',
    document: '',
    version: 'qwen3-1',
  },
]

/** @returns texts to put in front; empty ones for models that want none (MiniLM and whatever is not known) */
export function embeddingPrompts(file: Pick<ModelFile, 'path' | 'name' | 'architecture'>): {
  query: string
  document: string
  version: string
} {
  const name = `${basename(file.path)} ${file.name} ${file.architecture}`
  return prompts.find((one) => one.model.test(name)) ?? { query: '', document: '', version: 'plain-1' }
}
