// Checks a value against the grammar it was written under: a grammar is a promise, not a proof (T14).
import type { GrammarSchema } from './engine.ts'

/** @returns whether the value has exactly the shape of the schema */
export function fitsSchema(value: unknown, schema: GrammarSchema): boolean {
  if ('const' in schema) return value === schema.const
  if ('enum' in schema) return (schema.enum as unknown[]).includes(value)
  if ('oneOf' in schema) return schema.oneOf.some((one) => fitsSchema(value, one))
  switch (schema.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
      const keys = Object.keys(schema.properties)
      return (
        Object.keys(value).length === keys.length &&
        Object.entries(schema.properties).every(
          ([key, property]) =>
            Object.hasOwn(value, key) && fitsSchema((value as Record<string, unknown>)[key], property),
        )
      )
    }
    case 'array':
      return Array.isArray(value) && fitsArray(value, schema)
    case 'string':
      return (
        typeof value === 'string' &&
        [...value].length >= (schema.minLength ?? 0) &&
        [...value].length <= schema.maxLength
      )
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'null':
      return value === null
  }
}

function fitsArray(value: unknown[], schema: Extract<GrammarSchema, { type: 'array' }>): boolean {
  if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY))
    return false
  const first = 'prefixItems' in schema ? schema.prefixItems : []
  return value.every((item, index) => {
    const own = first[index] ?? schema.items
    return own !== undefined && fitsSchema(item, own)
  })
}
