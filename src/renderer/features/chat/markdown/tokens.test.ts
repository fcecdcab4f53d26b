import { expect, it } from 'vitest'
import { languageId, languageName } from './languages.ts'
import { createTokenizer } from './tokens.ts'

it('tells the kinds of words in code apart, and loses none of it', async () => {
  const tokenizer = await createTokenizer()
  const code = '// so\nconst text = "a"\n\nfunction go() {}'
  const lines = await tokenizer.tokenize('typescript', code)
  expect(lines.map((line) => line.map(([text]) => text).join('')).join('\n')).toBe(code)
  expect(lines[0]?.map(([, kind]) => kind)).toEqual(['comment'])
  expect(lines[1]?.find(([text]) => text === 'const')?.[1]).toBe('keyword')
  expect(lines[3]?.find(([text]) => text === 'go')?.[1]).toBe('function')
  // A name that stands for another grammar.
  expect((await tokenizer.tokenize('bash', 'echo "a"'))[0]?.length).toBeGreaterThan(1)
})

it('knows languages by the names models give them', () => {
  expect(['ts', 'PY', 'c++', 'yml', 'shellscript', 'nonsense'].map(languageId)).toEqual([
    'typescript',
    'python',
    'cpp',
    'yaml',
    'bash',
    null,
  ])
  expect(languageName('js')).toBe('JavaScript')
  expect(languageName('nonsense')).toBe('nonsense')
})
