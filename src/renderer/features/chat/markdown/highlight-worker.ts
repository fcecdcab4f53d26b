// The worker that colours code, so that a grammar never holds up the page. It does one piece of code after another.
import type { LanguageId } from './languages.ts'
import { type CodeLine, createTokenizer } from './tokens.ts'

export interface HighlightRequest {
  id: number
  language: LanguageId
  code: string
}

/** `lines` null: this code cannot be coloured. */
export interface HighlightReply {
  id: number
  lines: CodeLine[] | null
}

const tokenizer = createTokenizer()

addEventListener('message', (event: MessageEvent<HighlightRequest>) => {
  const { id, language, code } = event.data
  void tokenizer
    .then((ready) => ready.tokenize(language, code))
    .catch(() => null)
    .then((lines) => postMessage({ id, lines } satisfies HighlightReply))
})
