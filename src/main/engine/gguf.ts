// Reads the header of a GGUF file and checks that the file is whole, before native code sees it: a bad file can abort
// the process (the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/** What a model file says of itself. */
export interface ModelFile {
  path: string
  bytes: number
  /** `general.name`, else the file's name without its ending. */
  name: string
  /** For example `qwen2`, `llama`, `bert`. */
  architecture: string
  /** Context length the model was trained with, in tokens. */
  contextLength: number | null
  embeddingLength: number | null
  layers: number | null
  /** Weights in all tensors. */
  parameters: number
  vocabularySize: number
  hasChatTemplate: boolean
  /** How its weights are packed, such as `Q4_K_M`; null when the file does not say. */
  quant: string | null
  licence: string | null
  /** As far as the chat template and the architecture tell. */
  abilities: { tools: boolean; thinks: boolean; images: boolean }
  /** True for models that make vectors of text and cannot chat. */
  embedding: boolean
}

/** Names of `general.file_type`. */
const packings: Record<number, string> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4',
}

/** Architectures of encoder models; decoders that embed say so with a pooling type. */
const encoders = /^(bert|nomic-bert|nomic-bert-moe|modern-bert|neo-bert|jina-bert|eurobert|t5encoder|gemma-embedding)/

/**
 * Reads and checks a model file without loading it.
 * @param path absolute path of a GGUF file
 * @param options `vocabulary`: look for doubled tokens too, which takes about 0.1 s of the event loop
 * @returns its metadata
 * @throws AppError MODEL_FILE_MISSING, MODEL_FILE_DAMAGED (not whole, or not GGUF), MODEL_NOT_SUPPORTED (a part of a split
 * model, another version or byte order)
 */
export async function readModelFile(path: string, options: { vocabulary?: boolean } = {}): Promise<ModelFile> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (cause) {
    throw new AppError(
      'MODEL_FILE_MISSING',
      `The model file ${basename(path)} cannot be opened. It may have been moved or deleted; choose it again or download it again.`,
      { cause },
    )
  }
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw damaged(path, 'is not a file')
    return await readHead(handle, stat.size, path, options)
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof RangeError) throw damaged(path, 'ends too early')
    throw new AppError('MODEL_FILE_DAMAGED', `The model file ${basename(path)} cannot be read.`, { cause: error })
  } finally {
    await handle.close()
  }
}

/**
 * As `readModelFile`, at once: for the one embedding model whose identity must be known before anything else starts.
 * @throws Error of any kind when the file is not a whole model
 */
export function readModelFileSync(path: string): ModelFile {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    for (let length = Math.min(firstRead, size); ; length = Math.min(length * 4, size)) {
      const head = Buffer.alloc(length)
      readSync(descriptor, head, 0, length, 0)
      try {
        return parseHeader(new Cursor(head, size), path, {})
      } catch (error) {
        if (!(error instanceof NeedMore)) throw error
      }
    }
  } finally {
    closeSync(descriptor)
  }
}

const firstRead = 8 * 1024 * 1024

/** Headers run from some kilobytes to 20 MB (large vocabularies): reads a part, and more when that was not all. */
async function readHead(
  handle: FileHandle,
  size: number,
  path: string,
  options: { vocabulary?: boolean },
): Promise<ModelFile> {
  for (let length = Math.min(firstRead, size); ; length = Math.min(length * 4, size)) {
    const head = Buffer.alloc(length)
    const { bytesRead } = await handle.read(head, 0, length, 0)
    if (bytesRead < length) throw new RangeError('end of file')
    try {
      return parseHeader(new Cursor(head, size), path, options)
    } catch (error) {
      if (!(error instanceof NeedMore)) throw error
    }
  }
}

function parseHeader(reader: Cursor, path: string, options: { vocabulary?: boolean }): ModelFile {
  if (reader.size < 24) throw damaged(path, 'is too short to be a model')
  const magic = reader.bytes(4).toString('latin1')
  if (magic !== 'GGUF') throw damaged(path, 'is not a GGUF model')
  const version = reader.u32()
  if (version < 2 || version > 3) throw unsupported(path, 'is of a GGUF version this app does not know')
  const tensorCount = reader.u64()
  const entryCount = reader.u64()
  // A file of n bytes cannot hold more entries than that; a nonsense count must not keep us busy.
  if (tensorCount + entryCount > reader.size) throw damaged(path, 'has a broken header')

  const values = new Map<string, string | number | boolean>()
  const lengths = new Map<string, number>()
  let tokens: Set<string> | null = null
  for (let index = 0; index < entryCount; index++) {
    const key = reader.text()
    const type = reader.u32()
    if (type === arrayType) {
      const itemType = reader.u32()
      const length = reader.u64()
      lengths.set(key, length)
      if (options.vocabulary === true && key === 'tokenizer.ggml.tokens' && itemType === textType) {
        tokens = new Set()
        for (let item = 0; item < length; item++) tokens.add(reader.text('latin1'))
      } else {
        skipItems(reader, itemType, length, path)
      }
    } else {
      values.set(key, readValue(reader, type, path))
    }
  }

  const tensors: { type: number; weights: number; offset: number; name: string; rows: number }[] = []
  for (let index = 0; index < tensorCount; index++) {
    const name = reader.text()
    const dimensionCount = reader.u32()
    if (dimensionCount > 8) throw damaged(path, 'has a broken header')
    const dimensions: number[] = []
    for (let dimension = 0; dimension < dimensionCount; dimension++) dimensions.push(reader.u64())
    const type = reader.u32()
    const offset = reader.u64()
    tensors.push({ name, type, offset, weights: dimensions.reduce((a, b) => a * b, 1), rows: dimensions[1] ?? 1 })
  }

  const number = (key: string): number | null => {
    const value = values.get(key)
    return typeof value === 'number' ? value : null
  }
  const alignment = number('general.alignment') ?? 32
  const dataStart = Math.ceil(reader.position / alignment) * alignment
  const dataEnd = tensors.reduce((end, one) => Math.max(end, dataStart + one.offset + tensorBytes(one)), dataStart)
  if (dataEnd > reader.size) {
    throw damaged(path, `is not complete: ${reader.size} of ${dataEnd} bytes are there`)
  }
  if ((number('split.count') ?? 0) > 1)
    throw unsupported(path, 'is one part of a model that is split over several files')
  if (tensorCount === 0) throw unsupported(path, 'holds no weights')

  const architecture = String(values.get('general.architecture') ?? '')
  if (architecture === '') throw damaged(path, 'does not say what kind of model it is')
  const template = String(values.get('tokenizer.chat_template') ?? '')
  const licence = values.get('general.license')
  const vocabularySize = lengths.get('tokenizer.ggml.tokens') ?? 0
  checkVocabulary({
    path,
    values,
    lengths,
    tokens,
    rows: tensors.find((one) => one.name === 'token_embd.weight')?.rows,
  })
  return {
    path,
    bytes: reader.size,
    name: nameOf(values.get('general.name'), path),
    architecture,
    contextLength: number(`${architecture}.context_length`),
    embeddingLength: number(`${architecture}.embedding_length`),
    layers: number(`${architecture}.block_count`),
    parameters: tensors.reduce((sum, one) => sum + one.weights, 0),
    vocabularySize,
    hasChatTemplate: template !== '',
    quant: packings[number('general.file_type') ?? -1] ?? null,
    licence: typeof licence === 'string' && licence !== '' ? licence.slice(0, 80) : null,
    abilities: {
      tools: /\btools?\b/.test(template),
      thinks: /<think>|\[THINK\]|enable_thinking|reasoning_content|<\|channel\|>|<thought>/.test(template),
      images: /vl(moe)?$|^(mllama|llama4|gemma3|gemma4|mistral3)/.test(architecture),
    },
    embedding: encoders.test(architecture) || (number(`${architecture}.pooling_type`) ?? 0) > 0,
  }
}

/** Converters fill in words that say nothing; the file's name says more. */
function nameOf(name: string | number | boolean | undefined, path: string): string {
  const says =
    typeof name === 'string' && name.trim() !== '' && !/^(model|unnamed|unknown|model[_ -]?download)$/i.test(name)
  return says ? name : basename(path).replace(/\.gguf$/i, '')
}

/** A vocabulary that contradicts itself makes llama.cpp abort instead of failing. */
function checkVocabulary(of: {
  path: string
  values: Map<string, string | number | boolean>
  lengths: Map<string, number>
  tokens: Set<string> | null
  rows: number | undefined
}): void {
  const size = of.lengths.get('tokenizer.ggml.tokens') ?? 0
  if (size === 0) throw unsupported(of.path, 'has no vocabulary')
  if (of.tokens !== null && of.tokens.size !== size) throw damaged(of.path, 'has a broken vocabulary')
  for (const list of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const length = of.lengths.get(list)
    if (length !== undefined && length !== size) throw damaged(of.path, 'has a broken vocabulary')
  }
  for (const [key, value] of of.values) {
    const special = /^tokenizer\.ggml\.(bos|eos|eot|eom|unknown|padding|seperator|cls|mask)_token_id$/.test(key)
    // 32 bits set means "none".
    if (special && typeof value === 'number' && value >= size && value < 0xffffffff) {
      throw damaged(of.path, 'has a broken vocabulary')
    }
  }
  if (of.rows !== undefined && of.rows < size) throw damaged(of.path, 'has a vocabulary that does not fit its weights')
}

function damaged(path: string, what: string): AppError {
  return new AppError(
    'MODEL_FILE_DAMAGED',
    `The model file ${basename(path)} ${what}. Delete it and download it again, or choose another file.`,
  )
}

function unsupported(path: string, what: string): AppError {
  return new AppError('MODEL_NOT_SUPPORTED', `The model file ${basename(path)} ${what}. Choose another model.`)
}

const textType = 8
const arrayType = 9
const boolType = 7
/** Bytes of the fixed size value types, by number: u8 i8 u16 i16 u32 i32 f32 bool - - u64 i64 f64. */
const valueBytes: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }

function readValue(reader: Cursor, type: number, path: string): string | number | boolean {
  if (type === textType) return reader.text()
  const length = valueBytes[type]
  if (length === undefined) throw damaged(path, 'has a broken header')
  const bytes = reader.bytes(length)
  if (type === boolType) return bytes[0] !== 0
  if (type === 6) return bytes.readFloatLE()
  if (type === 12) return bytes.readDoubleLE()
  if (type === 10) return Number(bytes.readBigUInt64LE())
  if (type === 11) return Number(bytes.readBigInt64LE())
  const signed = type % 2 === 1
  return signed ? bytes.readIntLE(0, length) : bytes.readUIntLE(0, length)
}

function skipItems(reader: Cursor, type: number, length: number, path: string): void {
  const bytes = valueBytes[type]
  if (bytes !== undefined) {
    reader.take(bytes * length)
    return
  }
  if (type === textType) {
    for (let item = 0; item < length; item++) reader.take(reader.u64())
    return
  }
  if (type !== arrayType) throw damaged(path, 'has a broken header')
  for (let item = 0; item < length; item++) skipItems(reader, reader.u32(), reader.u64(), path)
}

/** Weights in a block and bytes of a block, by ggml tensor type. */
const blocks: Record<number, [weights: number, bytes: number]> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
}

/** Unknown types count as empty: the offsets of the tensors behind still show a file that was cut. */
function tensorBytes(tensor: { type: number; weights: number }): number {
  const [weights, bytes] = blocks[tensor.type] ?? [1, 0]
  return Math.ceil(tensor.weights / weights) * bytes
}

/** The buffer ends before the header does. */
class NeedMore extends Error {}

/** Reads forward through the head of a file. Synchronous: a header holds some 300,000 strings, too many to await. */
class Cursor {
  position = 0

  constructor(
    private readonly head: Buffer,
    /** Bytes of the whole file. */
    readonly size: number,
  ) {}

  /** @returns where the bytes begin; @throws RangeError past the end of the file, NeedMore past the end of the head */
  take(length: number): number {
    const at = this.position
    if (!(length >= 0) || at + length > this.size) throw new RangeError('end of file')
    if (at + length > this.head.length) throw new NeedMore()
    this.position += length
    return at
  }

  bytes(length: number): Buffer {
    const at = this.take(length)
    return this.head.subarray(at, at + length)
  }

  u32(): number {
    return this.head.readUInt32LE(this.take(4))
  }

  u64(): number {
    const at = this.take(8)
    return this.head.readUInt32LE(at + 4) * 2 ** 32 + this.head.readUInt32LE(at)
  }

  /** @param encoding latin1 tells bytes apart and is quicker, for text nobody reads */
  text(encoding: 'utf8' | 'latin1' = 'utf8'): string {
    const length = this.u64()
    const at = this.take(length)
    return this.head.toString(encoding, at, at + length)
  }
}
