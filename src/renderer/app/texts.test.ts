// Every visible word comes from locales/en.json, and every key there is used. That a used key exists is checked by the
// compiler as well, for keys built from parts too; here it is checked once more without types.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { beforeAll, expect, it } from 'vitest'
import en from './locales/en.json'

interface AstNode {
  type: string
  [field: string]: unknown
}

const root = join(import.meta.dirname, '..')
/** Attributes that a person sees or hears. */
const SPOKEN = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'text', 'altText'])
const LETTERS = /\p{L}{2,}/u

const strays: string[] = []
const used: RegExp[] = []

beforeAll(async () => {
  const files = (await readdir(root, { recursive: true })).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
  )
  for (const file of files) {
    const source = await readFile(join(root, file), 'utf8')
    const tree = parseAst(source, { lang: 'tsx' }, file) as unknown as AstNode
    walk(tree, (node) => {
      strays.push(...strayTexts(node).map((text) => `${file}: ${text.trim()}`))
      used.push(...keysOf(node))
    })
  }
})

function walk(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node)
  for (const field of Object.values(node)) {
    for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) walk(child, visit)
  }
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function strayTexts(node: AstNode): string[] {
  if (node.type === 'JSXText') return LETTERS.test(String(node['value'])) ? [String(node['value'])] : []
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
    const children = (node['children'] as AstNode[]).filter((child) => child.type === 'JSXExpressionContainer')
    return children.flatMap((child) => literal(child['expression']))
  }
  if (node.type === 'JSXAttribute') {
    const name = String((node['name'] as AstNode)['name'])
    return SPOKEN.has(name) ? literal(node['value']) : []
  }
  return []
}

function literal(node: unknown): string[] {
  if (!isNode(node) || node.type !== 'Literal') return []
  return typeof node['value'] === 'string' && LETTERS.test(node['value']) ? [node['value']] : []
}

/** Patterns of the keys a call of `t` may ask for. */
function keysOf(node: AstNode): RegExp[] {
  if (node.type !== 'CallExpression') return []
  const callee = node['callee'] as AstNode
  if (callee.type !== 'Identifier' || callee['name'] !== 't') return []
  return patterns((node['arguments'] as AstNode[])[0])
}

function patterns(argument: AstNode | undefined): RegExp[] {
  switch (argument?.type) {
    case 'Literal':
      return [keyPattern([String(argument['value'])])]
    case 'TemplateLiteral': {
      const pieces = argument['quasis'] as { value: { cooked: string } }[]
      return [keyPattern(pieces.map((piece) => piece.value.cooked))]
    }
    case 'ConditionalExpression':
      return [...patterns(argument['consequent'] as AstNode), ...patterns(argument['alternate'] as AstNode)]
    default:
      throw new Error('A key of a text must be written out, or built from parts in place.')
  }
}

function keyPattern(pieces: string[]): RegExp {
  const escaped = pieces.map((piece) => piece.replaceAll('.', '\\.'))
  return new RegExp(`^${escaped.join('[\\w-]+')}(?:_(?:one|other))?$`)
}

function leaves(texts: object, path: string[] = []): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[...path, key].join('.')] : leaves(value, [...path, key]),
  )
}

it('no visible word stands in the code', () => {
  expect(strays).toEqual([])
})

it('every key that is used exists', () => {
  const keys = leaves(en)
  expect(used.filter((pattern) => !keys.some((key) => pattern.test(key)))).toEqual([])
})

it('every key that exists is used', () => {
  expect(leaves(en).filter((key) => !used.some((pattern) => pattern.test(key)))).toEqual([])
})

it('every plural has all forms of the language', () => {
  const keys = leaves(en)
  const plural = keys.filter((key) => /_(?:one|other)$/.test(key)).map((key) => key.replace(/_(?:one|other)$/, ''))
  expect(plural.filter((key) => !keys.includes(`${key}_one`) || !keys.includes(`${key}_other`))).toEqual([])
})
