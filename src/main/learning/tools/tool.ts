// Makes a tool of the model from a typed definition: the arguments' schema becomes the grammar the model writes them under.
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { GrammarSchema } from '../../engine/engine.ts'
import type { LearningTool, ToolAccess, ToolOutcome } from '../protocol.ts'

export interface ToolDefinition<Args> extends Omit<LearningTool, 'params' | 'run'> {
  /** Objects, strings with a longest length, enums, numbers, booleans and short lists of these: what a grammar can hold. */
  params: z.ZodType<Args>
  run(args: Args, access: ToolAccess): Promise<ToolOutcome>
}

const NAME = /^[a-z][a-z_]{1,39}$/
/** Both are read by the model in turns with tools: what is longer costs every such turn. In characters. */
const LONGEST_SUMMARY = 120
const LONGEST_DESCRIPTION = 600

/** @throws Error naming what is wrong with the definition */
export function defineTool<Args>({ params, run, ...tool }: ToolDefinition<Args>): LearningTool {
  const { name, summary, description } = tool
  if (!NAME.test(name)) throw new Error(`Tool "${name}": a name is lower-case words joined by "_".`)
  if (summary.length > LONGEST_SUMMARY || summary.includes('\n'))
    throw new Error(`Tool ${name}: the summary is too long.`)
  if (description.length > LONGEST_DESCRIPTION) throw new Error(`Tool ${name}: the description is too long.`)
  return {
    ...tool,
    params: grammarOf(z.toJSONSchema(params) as JsonSchema, `Tool ${name}`),
    async run(args, access) {
      const parsed = params.safeParse(args)
      if (parsed.success) return run(parsed.data, access)
      const field = parsed.error.issues[0]?.path.join('.') ?? ''
      throw new AppError('INVALID_INPUT', `"${name}" does not take this: ${field || 'the arguments'} is not valid.`, {
        field,
      })
    },
  }
}

/** The part of JSON Schema that zod writes for what a grammar can hold. */
interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  enum?: (string | number)[]
  const?: string | number | boolean | null
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

function grammarOf(schema: JsonSchema, where: string): GrammarSchema {
  if (schema.enum) return { enum: schema.enum }
  if (schema.const !== undefined) return { const: schema.const }
  switch (schema.type) {
    case 'object': {
      const entries = Object.entries(schema.properties ?? {})
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([key, part]) => [key, grammarOf(part, `${where}, ${key}`)])),
      }
    }
    case 'array':
      if (!schema.items || schema.maxItems === undefined) throw new Error(`${where}: a list needs a most of items.`)
      return {
        type: 'array',
        items: grammarOf(schema.items, where),
        minItems: schema.minItems ?? 0,
        maxItems: schema.maxItems,
      }
    case 'string':
      if (schema.maxLength === undefined) throw new Error(`${where}: a text needs a longest length.`)
      return { type: 'string', minLength: schema.minLength ?? 0, maxLength: schema.maxLength }
    case 'integer':
    case 'number':
    case 'boolean':
      return { type: schema.type }
    default:
      throw new Error(`${where}: a grammar cannot hold this.`)
  }
}
