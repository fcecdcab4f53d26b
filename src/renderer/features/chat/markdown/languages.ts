// The languages of code that get colours: their names, and the other names they go by after a fence.

interface Language {
  /** As its makers write it; no word to translate. */
  name: string
  aliases: readonly string[]
}

const languages = {
  bash: { name: 'Shell', aliases: ['sh', 'shell', 'zsh', 'shellscript'] },
  c: { name: 'C', aliases: ['h'] },
  cpp: { name: 'C++', aliases: ['c++', 'cc', 'cxx', 'hpp'] },
  csharp: { name: 'C#', aliases: ['c#', 'cs'] },
  css: { name: 'CSS', aliases: [] },
  dart: { name: 'Dart', aliases: [] },
  diff: { name: 'Diff', aliases: ['patch'] },
  docker: { name: 'Dockerfile', aliases: ['dockerfile'] },
  elixir: { name: 'Elixir', aliases: ['ex', 'exs'] },
  go: { name: 'Go', aliases: ['golang'] },
  graphql: { name: 'GraphQL', aliases: ['gql'] },
  haskell: { name: 'Haskell', aliases: ['hs'] },
  html: { name: 'HTML', aliases: ['htm'] },
  ini: { name: 'INI', aliases: ['properties', 'conf', 'cfg'] },
  java: { name: 'Java', aliases: [] },
  javascript: { name: 'JavaScript', aliases: ['js', 'mjs', 'cjs', 'node'] },
  json: { name: 'JSON', aliases: ['json5', 'jsonc', 'jsonl'] },
  jsx: { name: 'JSX', aliases: [] },
  julia: { name: 'Julia', aliases: ['jl'] },
  kotlin: { name: 'Kotlin', aliases: ['kt', 'kts'] },
  latex: { name: 'LaTeX', aliases: ['tex'] },
  lua: { name: 'Lua', aliases: [] },
  make: { name: 'Makefile', aliases: ['makefile', 'mk'] },
  markdown: { name: 'Markdown', aliases: ['md'] },
  matlab: { name: 'MATLAB', aliases: ['octave'] },
  nix: { name: 'Nix', aliases: [] },
  perl: { name: 'Perl', aliases: ['pl'] },
  php: { name: 'PHP', aliases: [] },
  powershell: { name: 'PowerShell', aliases: ['ps', 'ps1', 'pwsh'] },
  python: { name: 'Python', aliases: ['py', 'python3'] },
  r: { name: 'R', aliases: [] },
  ruby: { name: 'Ruby', aliases: ['rb'] },
  rust: { name: 'Rust', aliases: ['rs'] },
  scala: { name: 'Scala', aliases: [] },
  scss: { name: 'SCSS', aliases: [] },
  sql: { name: 'SQL', aliases: ['postgres', 'postgresql', 'mysql', 'sqlite'] },
  swift: { name: 'Swift', aliases: [] },
  toml: { name: 'TOML', aliases: [] },
  tsx: { name: 'TSX', aliases: [] },
  typescript: { name: 'TypeScript', aliases: ['ts', 'mts', 'cts'] },
  vue: { name: 'Vue', aliases: [] },
  xml: { name: 'XML', aliases: ['svg', 'plist'] },
  yaml: { name: 'YAML', aliases: ['yml'] },
  zig: { name: 'Zig', aliases: [] },
} as const satisfies Record<string, Language>

export type LanguageId = keyof typeof languages

const byName = new Map<string, LanguageId>(
  (Object.keys(languages) as LanguageId[]).flatMap((id) => [
    [id, id] as const,
    ...languages[id].aliases.map((alias) => [alias, id] as const),
  ]),
)

/** @param written what stands after a fence, in any case */
export function languageId(written: string): LanguageId | null {
  return byName.get(written.toLowerCase()) ?? null
}

/** How a language is called over its code; what is not known keeps the name it was given. */
export function languageName(written: string): string {
  const id = languageId(written)
  return id ? languages[id].name : written
}
