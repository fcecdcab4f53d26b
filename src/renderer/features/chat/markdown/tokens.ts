// What code becomes: lines of pieces, each of a kind that has a colour. Runs in the worker; grammars are loaded when first met.
import type { LanguageRegistration } from 'shiki/core'
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core'
import { createJavaScriptRawEngine } from 'shiki/engine/javascript'
import type { LanguageId } from './languages.ts'

/** A piece of a line and its kind; plain pieces have none. */
export type CodePiece = readonly [text: string, kind?: string]
export type CodeLine = readonly CodePiece[]

type Grammar = { default: LanguageRegistration[] }

/** Grammars made ahead for the JavaScript engine: nothing is translated, and nothing needs WASM or eval. */
const grammars: Record<LanguageId, () => Promise<Grammar>> = {
  bash: () => import('@shikijs/langs-precompiled/bash'),
  c: () => import('@shikijs/langs-precompiled/c'),
  cpp: () => import('@shikijs/langs-precompiled/cpp'),
  csharp: () => import('@shikijs/langs-precompiled/csharp'),
  css: () => import('@shikijs/langs-precompiled/css'),
  dart: () => import('@shikijs/langs-precompiled/dart'),
  diff: () => import('@shikijs/langs-precompiled/diff'),
  docker: () => import('@shikijs/langs-precompiled/docker'),
  elixir: () => import('@shikijs/langs-precompiled/elixir'),
  go: () => import('@shikijs/langs-precompiled/go'),
  graphql: () => import('@shikijs/langs-precompiled/graphql'),
  haskell: () => import('@shikijs/langs-precompiled/haskell'),
  html: () => import('@shikijs/langs-precompiled/html'),
  ini: () => import('@shikijs/langs-precompiled/ini'),
  java: () => import('@shikijs/langs-precompiled/java'),
  javascript: () => import('@shikijs/langs-precompiled/javascript'),
  json: () => import('@shikijs/langs-precompiled/json'),
  jsx: () => import('@shikijs/langs-precompiled/jsx'),
  julia: () => import('@shikijs/langs-precompiled/julia'),
  kotlin: () => import('@shikijs/langs-precompiled/kotlin'),
  latex: () => import('@shikijs/langs-precompiled/latex'),
  lua: () => import('@shikijs/langs-precompiled/lua'),
  make: () => import('@shikijs/langs-precompiled/make'),
  markdown: () => import('@shikijs/langs-precompiled/markdown'),
  matlab: () => import('@shikijs/langs-precompiled/matlab'),
  nix: () => import('@shikijs/langs-precompiled/nix'),
  perl: () => import('@shikijs/langs-precompiled/perl'),
  php: () => import('@shikijs/langs-precompiled/php'),
  powershell: () => import('@shikijs/langs-precompiled/powershell'),
  python: () => import('@shikijs/langs-precompiled/python'),
  r: () => import('@shikijs/langs-precompiled/r'),
  ruby: () => import('@shikijs/langs-precompiled/ruby'),
  rust: () => import('@shikijs/langs-precompiled/rust'),
  scala: () => import('@shikijs/langs-precompiled/scala'),
  scss: () => import('@shikijs/langs-precompiled/scss'),
  sql: () => import('@shikijs/langs-precompiled/sql'),
  swift: () => import('@shikijs/langs-precompiled/swift'),
  toml: () => import('@shikijs/langs-precompiled/toml'),
  tsx: () => import('@shikijs/langs-precompiled/tsx'),
  typescript: () => import('@shikijs/langs-precompiled/typescript'),
  vue: () => import('@shikijs/langs-precompiled/vue'),
  xml: () => import('@shikijs/langs-precompiled/xml'),
  yaml: () => import('@shikijs/langs-precompiled/yaml'),
  zig: () => import('@shikijs/langs-precompiled/zig'),
}

const THEME = 'kinds'
/** The theme names variables; what is left of such a name is the kind. Our own classes give each kind its colour. */
const KIND = /^var\(--code-(?:token-)?(?<kind>[\w-]+)\)$/
const PLAIN = new Set(['foreground', 'background'])
/** Longer lines are data, not code to read: they stay plain. */
const LINE_MAX = 2_000

export interface Tokenizer {
  tokenize(language: LanguageId, code: string): Promise<CodeLine[]>
}

export async function createTokenizer(): Promise<Tokenizer> {
  const theme = createCssVariablesTheme({ name: THEME, variablePrefix: '--code-' })
  const highlighter = await createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRawEngine() })
  return {
    async tokenize(language, code) {
      const grammar = (await grammars[language]()).default
      await highlighter.loadLanguage(grammar)
      return linesOf(highlighter, grammar.at(-1)?.name ?? language, code)
    },
  }
}

function linesOf(highlighter: HighlighterCore, lang: string, code: string): CodeLine[] {
  const options = { lang, theme: THEME, tokenizeMaxLineLength: LINE_MAX, tokenizeTimeLimit: 0 }
  return highlighter.codeToTokensBase(code, options).map((line) =>
    line.map(({ content, color }): CodePiece => {
      const kind = KIND.exec(color ?? '')?.groups?.['kind']
      return kind === undefined || PLAIN.has(kind) ? [content] : [content, kind]
    }),
  )
}
