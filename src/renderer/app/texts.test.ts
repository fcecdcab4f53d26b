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
/** Attributes that a person sees or hears, and fields of objects that become such. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
  'text',
  'altText',
])
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
    const tables = tablesOf(tree)
    walk(tree, (node) => {
      strays.push(...strayTexts(node).map((text) => `${file}: ${text.trim()}`))
      used.push(...keysOf(node, tables))
    })
  }
})

function walk(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node)
  for (const field of Object.values(node)) {
    for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) walk(child, visit)
  }
}

/** Constant tables of texts: their names, and what stands in them. */
type Tables = Map<string, string[]>

function tablesOf(tree: AstNode): Tables {
  const tables: Tables = new Map()
  walk(tree, (node) => {
    if (node.type !== 'VariableDeclarator') return
    let value = node['init'] as AstNode | null
    while (value?.type === 'TSAsExpression' || value?.type === 'TSSatisfiesExpression') {
      value = value['expression'] as AstNode
    }
    if (value?.type !== 'ObjectExpression') return
    const texts = (value['properties'] as AstNode[]).map((property) => property['value'] as AstNode | undefined)
    if (!texts.every((text) => typeof text?.['value'] === 'string')) return
    tables.set(
      String((node['id'] as AstNode)['name']),
      texts.map((text) => String(text?.['value'])),
    )
  })
  return tables
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
  if (node.type === 'Property') {
    const key = node['key'] as AstNode
    const name = String(key['name'] ?? key['value'])
    return SPOKEN.has(name) ? literal(node['value']) : []
  }
  return []
}

/** Words that stand in an expression, whichever way it goes: in a template, a choice, a sum. */
function literal(node: unknown): string[] {
  if (!isNode(node)) return []
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' && LETTERS.test(node['value']) ? [node['value']] : []
    case 'TemplateLiteral': {
      const pieces = node['quasis'] as { value: { cooked: string } }[]
      return pieces.map((piece) => piece.value.cooked).filter((piece) => LETTERS.test(piece))
    }
    case 'JSXExpressionContainer':
      return literal(node['expression'])
    case 'ConditionalExpression':
      return [...literal(node['consequent']), ...literal(node['alternate'])]
    case 'LogicalExpression':
    case 'BinaryExpression':
      // A comparison shows none of its sides.
      if (node.type === 'BinaryExpression' && node['operator'] !== '+') return []
      return [...literal(node['left']), ...literal(node['right'])]
    default:
      return []
  }
}

/** Patterns of the keys a call of `t` may ask for. */
function keysOf(node: AstNode, tables: Tables): RegExp[] {
  if (node.type !== 'CallExpression') return []
  const callee = node['callee'] as AstNode
  if (callee.type !== 'Identifier' || callee['name'] !== 't') return []
  return patterns((node['arguments'] as AstNode[])[0], tables)
}

function patterns(argument: AstNode | undefined, tables: Tables): RegExp[] {
  switch (argument?.type) {
    case 'Literal':
      return [keyPattern([String(argument['value'])])]
    case 'TemplateLiteral': {
      const pieces = argument['quasis'] as { value: { cooked: string } }[]
      return [keyPattern(pieces.map((piece) => piece.value.cooked))]
    }
    case 'ConditionalExpression':
      return [
        ...patterns(argument['consequent'] as AstNode, tables),
        ...patterns(argument['alternate'] as AstNode, tables),
      ]
    case 'MemberExpression': {
      const keys = tables.get(String((argument['object'] as AstNode)['name']))
      if (keys) return keys.map((key) => keyPattern([key]))
      break
    }
    default:
  }
  throw new Error('A key of a text must be written out, built from parts in place, or taken from a table in the file.')
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

it.each([
  ['<p>Hello</p>', ['Hello']],
  ["<p>{'Hello'}</p>", ['Hello']],
  [`<p>{\`Hello \${name}\`}</p>`, ['Hello ']],
  ["<p>{known ? 'Hello' : t('hello')}</p>", ['Hello']],
  ["<p>{known && 'Hello'}</p>", ['Hello']],
  ['<a title="Hello" href="elsewhere" />', ['Hello']],
  [`<a aria-label={\`\${name}, hello\`} className={wide ? 'wide' : 'narrow'} />`, [', hello']],
  ["<Menu entries={[{ label: 'Hello', onSelect }]} />", ['Hello']],
  ["<p id={'main'} data-kind='word'>{t('hello')} · {count}</p>", []],
])('%s', (code, words) => {
  const found: string[] = []
  walk(parseAst(code, { lang: 'tsx' }, 'example.tsx') as unknown as AstNode, (node) => found.push(...strayTexts(node)))
  expect(found).toEqual(words)
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
