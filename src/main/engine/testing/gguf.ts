// Writes GGUF files by hand, so that tests run the real engine on models of a few kilobytes, made in milliseconds.
import { writeFileSync } from 'node:fs'

const valueType = { u32: 4, i32: 5, f32: 6, bool: 7, str: 8 } as const
const arrayType = 9
const alignment = 32

type Scalar = keyof typeof valueType

export type GgufEntry =
  | [key: string, type: 'u32' | 'i32' | 'f32', value: number]
  | [key: string, type: 'bool', value: boolean]
  | [key: string, type: 'str', value: string]
  | [key: string, type: 'arr:str', value: readonly string[]]
  | [key: string, type: 'arr:f32' | 'arr:i32' | 'arr:u32', value: readonly number[]]

/** Name, dimensions with the contiguous one first, and 32 bit floats. */
export type GgufTensor = [name: string, dimensions: readonly number[], data: Float32Array]

/**
 * Writes one GGUF (version 3) file with 32 bit float tensors.
 * @param file path to write
 * @param entries metadata, in order
 * @param tensors tensors, in order
 */
export function writeGguf(file: string, entries: readonly GgufEntry[], tensors: readonly GgufTensor[]): void {
  const head: Buffer[] = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(entries.length)]
  for (const [key, type, value] of entries) {
    head.push(text(key))
    if (Array.isArray(value)) {
      const item = type.slice('arr:'.length) as Scalar
      head.push(u32(arrayType), u32(valueType[item]), u64(value.length), ...value.map((one) => scalar(item, one)))
    } else {
      head.push(u32(valueType[type as Scalar]), scalar(type as Scalar, value as string | number | boolean))
    }
  }
  let offset = 0
  for (const [name, dimensions, data] of tensors) {
    const float32 = 0
    head.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(float32), u64(offset))
    offset += data.byteLength + padding(data.byteLength).length
  }
  const header = Buffer.concat(head)
  const parts = [header, padding(header.length)]
  for (const [, , data] of tensors) {
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength), padding(data.byteLength))
  }
  writeFileSync(file, Buffer.concat(parts))
}

function scalar(type: Scalar, value: string | number | boolean): Buffer {
  switch (type) {
    case 'str':
      return text(String(value))
    case 'bool':
      return Buffer.from([value === true ? 1 : 0])
    case 'f32': {
      const bytes = Buffer.alloc(4)
      bytes.writeFloatLE(Number(value))
      return bytes
    }
    case 'i32': {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32LE(Number(value))
      return bytes
    }
    case 'u32':
      return u32(Number(value))
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

function padding(length: number): Buffer {
  return Buffer.alloc((alignment - (length % alignment)) % alignment)
}
