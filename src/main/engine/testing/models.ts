// Tiny models for tests on the real engine: one that writes nonsense at a set cost, one that answers by script, and
// an embedder that knows which words texts share.
import { type GgufEntry, type GgufTensor, writeGguf } from './gguf.ts'

const chatTemplate =
  "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n'}}{% endfor %}" +
  "{% if add_generation_prompt %}{{'<|im_start|>assistant\n'}}{% endif %}"

/** A format of its own, so that the library reads the marks of thoughts out of it; old thoughts are left out. */
const thinkingTemplate =
  "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'].split('<think>')[0].split('</think>')[-1] + '<|im_end|>\n\n'}}{% endfor %}" +
  "{% if add_generation_prompt %}{{'<|im_start|>assistant\n'}}{% endif %}"

/** Kinds of tokens as GGUF numbers them. */
const kind = { normal: 1, unknown: 2, control: 3, byte: 6 } as const

/** A sentence piece vocabulary: bytes, printable characters, chat markers; words can be added. */
interface Vocabulary {
  tokens: string[]
  kinds: number[]
  scores: number[]
  ids: Map<string, number>
  imEnd: number
  newline: number
}

function createVocabulary(): Vocabulary {
  const vocabulary: Vocabulary = { tokens: [], kinds: [], scores: [], ids: new Map(), imEnd: 0, newline: 0 }
  addToken(vocabulary, '<unk>', kind.unknown, -1000)
  addToken(vocabulary, '<s>', kind.control, -1000)
  addToken(vocabulary, '</s>', kind.control, -1000)
  for (let byte = 0; byte < 256; byte++) {
    addToken(vocabulary, `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, kind.byte, -1000)
  }
  vocabulary.newline = addToken(vocabulary, '\n', kind.normal, -900)
  addToken(vocabulary, '<|im_start|>', kind.control, -1000)
  vocabulary.imEnd = addToken(vocabulary, '<|im_end|>', kind.control, -1000)
  for (let code = 33; code < 127; code++) addToken(vocabulary, String.fromCharCode(code), kind.normal, -900)
  addToken(vocabulary, '\u2581', kind.normal, -900)
  return vocabulary
}

/** Adds a token once; the engine aborts on two tokens with one text. */
function addToken(vocabulary: Vocabulary, piece: string, type: number, score: number): number {
  const known = vocabulary.ids.get(piece)
  if (known !== undefined) return known
  vocabulary.tokens.push(piece)
  vocabulary.kinds.push(type)
  vocabulary.scores.push(score)
  vocabulary.ids.set(piece, vocabulary.tokens.length - 1)
  return vocabulary.tokens.length - 1
}

/**
 * Adds a word and the beginnings the tokenizer merges through, so that text and tokens go both ways unchanged.
 * Words with a space in front win over beginnings without one, which may stand inside other words.
 */
function addWord(vocabulary: Vocabulary, word: string): number {
  const characters = [...word]
  const base = /^[\u2581\n]/.test(word) ? 0 : -500
  let id = addToken(vocabulary, characters[0] ?? '', kind.normal, -900)
  for (let length = 2; length <= characters.length; length++) {
    id = addToken(vocabulary, characters.slice(0, length).join(''), kind.normal, base + length / 100)
  }
  return id
}

function tokenizerEntries(vocabulary: Vocabulary, template = chatTemplate): GgufEntry[] {
  return [
    ['tokenizer.ggml.model', 'str', 'llama'],
    ['tokenizer.ggml.tokens', 'arr:str', vocabulary.tokens],
    ['tokenizer.ggml.scores', 'arr:f32', vocabulary.scores],
    ['tokenizer.ggml.token_type', 'arr:i32', vocabulary.kinds],
    ['tokenizer.ggml.bos_token_id', 'u32', 1],
    ['tokenizer.ggml.eos_token_id', 'u32', vocabulary.imEnd],
    ['tokenizer.ggml.add_bos_token', 'bool', false],
    ['tokenizer.ggml.add_space_prefix', 'bool', false],
    ['tokenizer.chat_template', 'str', template],
  ]
}

export interface ScriptedAnswer {
  answer: string
  /** Given when this word is the last known one in the last user message; without it, for any message. */
  word?: string
  /** And when this word stands in the last user message too, e.g. `1.` to tell a numbered list from a question. */
  beside?: string
  /** It never stops writing its last word. */
  forEver?: boolean
  /** Tokens of the vocabulary written after the answer, such as `<0x00>` or `<|im_start|>`; in no other answer. */
  tail?: readonly string[]
}

/** Head size of the scripted model; also the most words and the most `beside` words it can tell apart. */
const headSize = 64

/**
 * A chat model that gives exact answers, word by word, and stops; also through a JSON grammar that allows the answer.
 * Which one is chosen by words in the last user message (case counts; the word starts after a space, a line break or at
 * the beginning). Best match wins: `word` and `beside`, `beside` alone, `word` alone, then the one with neither, which
 * must be there. Among known words of a message the last one counts.
 *
 * How: one token per word, and an output matrix that is a next-token table. The line break after "assistant" looks
 * back with two attention heads, one for `word` and one for `beside`, whose rotary pair favours the nearest key; the
 * "user" header counts as an empty word, so that older messages do not count.
 * @param options.thinks words between `<think>` and `</think>` are thoughts
 * @throws Error when two answers are so alike that no token of one tells it from the other
 */
export function scriptedModel(
  file: string,
  answers: string | readonly ScriptedAnswer[],
  options: { contextLength?: number; name?: string; thinks?: boolean } = {},
): void {
  const list = typeof answers === 'string' ? [{ answer: answers }] : answers
  if (!list.some((one) => one.word === undefined && one.beside === undefined)) {
    throw new Error('A scripted model needs an answer without `word` and `beside`.')
  }
  const contextLength = options.contextLength ?? 4096
  const vocabulary = createVocabulary()
  const userHeader = addWord(vocabulary, 'user\n')
  const chains = buildChains(vocabulary, list)
  const words = [...new Set(list.flatMap((one) => one.word ?? []))]
  const besides = [...new Set(list.flatMap((one) => one.beside ?? []))]
  if (words.length > headSize || besides.length > headSize) throw new Error(`At most ${headSize} words to choose by.`)

  // Dimensions of the residual stream: one a token that matters, one a choice, and one for everything else.
  const dimensions = new Map<number, number>()
  const dimensionOf = (token: number): number => {
    const known = dimensions.get(token)
    if (known !== undefined) return known
    dimensions.set(token, dimensions.size + 1)
    return dimensions.size
  }
  const newline = dimensionOf(vocabulary.newline)
  const header = dimensionOf(userHeader)
  for (const chain of chains) for (const token of chain) dimensionOf(token)
  const markers = (list: readonly string[]) =>
    list.map((word) => [word, `\u2581${word}`, `\n${word}`].map((variant) => dimensionOf(addWord(vocabulary, variant))))
  const wordMarkers = markers(words)
  const besideMarkers = markers(besides)
  const wordChoice = dimensions.size + 1
  const besideChoice = wordChoice + words.length
  const width = Math.ceil((besideChoice + besides.length) / 64) * 64

  const size = vocabulary.tokens.length
  const embedding = matrix(width, size)
  for (let token = 0; token < size; token++) embedding.set(dimensions.get(token) ?? 0, token, 1)
  const output = matrix(width, size)
  for (let token = 0; token < size; token++) {
    if (!dimensions.has(token)) continue
    if (token !== vocabulary.newline) output.set(dimensionOf(token), vocabulary.imEnd, 1)
  }
  output.set(0, vocabulary.imEnd, chainWeight)
  for (const [which, chain] of chains.entries()) {
    const end = list[which]?.forEver ? chain.at(-1) : undefined
    chain.forEach((token, index) => {
      output.set(dimensionOf(token), vocabulary.imEnd, 0)
      output.set(dimensionOf(token), chain[index + 1] ?? end ?? vocabulary.imEnd, chainWeight)
    })
  }
  list.forEach((one, index) => {
    const first = chains[index]?.[0]
    if (first === undefined) return
    // Sums of these make every better match win over every weaker one, and a wrong word lose to none at all.
    output.set(newline, first, (1 - (one.word ? 1 : 0) - (one.beside ? 5 : 0) + 1) * gain)
    if (one.word) output.set(wordChoice + words.indexOf(one.word), first, 3 * gain)
    if (one.beside) output.set(besideChoice + besides.indexOf(one.beside), first, 10 * gain)
  })

  const attention = lookBack({ width, contextLength, newline, header, markers: [wordMarkers, besideMarkers] })
  for (let index = 0; index < words.length; index++) attention.result.set(index, wordChoice + index, 1)
  for (let index = 0; index < besides.length; index++) attention.result.set(headSize + index, besideChoice + index, 1)

  const feedForward = 32
  writeGguf(
    file,
    [
      ...llamaEntries({ name: options.name ?? 'scripted', layers: 1, contextLength, width, feedForward, heads: 2 }),
      ['llama.attention.key_length', 'u32', headSize],
      ['llama.attention.value_length', 'u32', headSize],
      ['llama.rope.dimension_count', 'u32', headSize],
      ['llama.rope.freq_base', 'f32', ropeBase],
      ...tokenizerEntries(vocabulary, options.thinks ? thinkingTemplate : chatTemplate),
    ],
    [
      ['token_embd.weight', [width, size], embedding.data],
      ['output_norm.weight', [width], ones(width)],
      ['output.weight', [width, size], output.data],
      ['blk.0.attn_norm.weight', [width], ones(width)],
      ['blk.0.ffn_norm.weight', [width], ones(width)],
      ['blk.0.attn_q.weight', [width, 2 * headSize], attention.query.data],
      ['blk.0.attn_k.weight', [width, 2 * headSize], attention.key.data],
      ['blk.0.attn_v.weight', [width, 2 * headSize], attention.value.data],
      ['blk.0.attn_output.weight', [2 * headSize, width], attention.result.data],
      ['blk.0.ffn_gate.weight', [width, feedForward], zeros(width * feedForward)],
      ['blk.0.ffn_up.weight', [width, feedForward], zeros(width * feedForward)],
      ['blk.0.ffn_down.weight', [feedForward, width], zeros(width * feedForward)],
    ],
  )
}

/** Logit steps between matches; large enough that sampling at temperature 1 never leaves the script. */
const gain = 4
const chainWeight = 12 * gain
/** High, so that the last rotary pair hardly turns over a whole context. */
const ropeBase = 1e8

/**
 * Splits each answer into tokens no other answer uses, so that a token alone tells what follows. A word that was used
 * before takes the next words along until the piece is new.
 */
function buildChains(vocabulary: Vocabulary, answers: readonly ScriptedAnswer[]): number[][] {
  const used = new Set<string>()
  const chains = new Map<string, number[]>()
  return answers.map(({ answer, tail = [] }) => {
    const same = chains.get(answer)
    if (same) return same
    const words = (answer.match(/\s*\S+/g) ?? []).map((word) => word.replaceAll(' ', '\u2581'))
    const pieces: string[] = []
    for (let index = 0; index < words.length; index++) {
      let piece = words[index] ?? ''
      while (used.has(piece) && index + 1 < words.length) piece += words[++index]
      while (used.has(piece) && pieces.length > 0) {
        const before = pieces.pop() ?? ''
        used.delete(before)
        piece = before + piece
      }
      if (used.has(piece)) throw new Error(`Answer too like another one: ${answer}`)
      used.add(piece)
      pieces.push(piece)
    }
    const chain = pieces.map((piece) => {
      const parts = piece.match(/[\u2581\n]*[^\u2581\n]+/g) ?? [piece]
      for (const part of parts) addWord(vocabulary, part)
      let joined = parts[0] ?? ''
      for (const part of parts.slice(1)) {
        joined += part
        addToken(vocabulary, joined, kind.normal, -800 + [...joined].length / 100)
      }
      return addToken(vocabulary, piece, kind.normal, -800)
    })
    for (const token of tail) chain.push(addToken(vocabulary, token, kind.normal, -900))
    chains.set(answer, chain)
    return chain
  })
}

/** Attention by which a line break finds the nearest marker of each head. */
function lookBack(of: {
  width: number
  contextLength: number
  newline: number
  header: number
  markers: readonly [number[][], number[][]]
}) {
  const query = matrix(of.width, 2 * headSize)
  const key = matrix(of.width, 2 * headSize)
  const value = matrix(of.width, 2 * headSize)
  const result = matrix(2 * headSize, of.width)
  // A one-hot input leaves the norm with this length.
  const length = Math.sqrt(of.width)
  // The fastest rotary pair that turns less than 1.2 rad over the context falls steadily with distance.
  let pair = 0
  while (ropeBase ** ((-2 * pair) / headSize) * of.contextLength > 1.2) pair++
  const angle = ropeBase ** ((-2 * pair) / headSize)
  const scorePerToken = 2
  const near = Math.sqrt((scorePerToken * Math.sqrt(headSize)) / angle)
  const present = near * Math.SQRT2
  // Keys are kept in 16 bits, about two positions exact: the header stands back so that the first word is nearer.
  const headerBehind = 8
  const headerPresent = present - (headerBehind * scorePerToken * Math.sqrt(headSize)) / present
  for (const head of [0, 1] as const) {
    const at = head * headSize
    query.set(of.newline, at + 2 * pair + 1, near / length)
    query.set(of.newline, at + headSize - 2, present / length)
    key.set(of.header, at + 2 * pair, near / length)
    key.set(of.header, at + headSize - 2, headerPresent / length)
    of.markers[head].forEach((variants, index) => {
      for (const dimension of variants) {
        key.set(dimension, at + 2 * pair, near / length)
        key.set(dimension, at + headSize - 2, present / length)
        value.set(dimension, at + index, 1 / length)
      }
    })
  }
  return { query, key, value, result }
}

/**
 * A chat model of random weights: it writes nonsense for ever, at a cost set by `layers` and `width`.
 * @param options `layers` 2, `width` 64 (a multiple of 64), `seed` 1, `contextLength` 4096
 */
export function randomModel(
  file: string,
  options: { layers?: number; width?: number; seed?: number; contextLength?: number; name?: string } = {},
): void {
  const { layers = 2, width = 64, seed = 1, contextLength = 4096, name = 'random' } = options
  const vocabulary = createVocabulary()
  const size = vocabulary.tokens.length
  const feedForward = width * 2
  const random = randomNumbers(seed)
  const weights = (inputs: number, outputs: number): Float32Array => {
    const data = zeros(inputs * outputs)
    for (let index = 0; index < data.length; index++) data[index] = (random() - 0.5) * 2 * Math.sqrt(3 / inputs)
    return data
  }
  const embedding = weights(width, size)
  const output = weights(width, size)
  // It writes letters and spaces only: no end, no markers, no broken characters.
  const silent = vocabulary.kinds.map((type, token) => ({ type, token })).filter(({ type }) => type !== kind.normal)
  for (const { token } of silent) output.fill(0, token * width, (token + 1) * width)
  const tensors: GgufTensor[] = [
    ['token_embd.weight', [width, size], embedding],
    ['output_norm.weight', [width], ones(width)],
    ['output.weight', [width, size], output.map((weight) => weight * 4)],
  ]
  for (let layer = 0; layer < layers; layer++) {
    tensors.push(
      [`blk.${layer}.attn_norm.weight`, [width], ones(width)],
      [`blk.${layer}.ffn_norm.weight`, [width], ones(width)],
    )
    for (const part of ['attn_q', 'attn_k', 'attn_v', 'attn_output']) {
      tensors.push([`blk.${layer}.${part}.weight`, [width, width], weights(width, width)])
    }
    tensors.push(
      [`blk.${layer}.ffn_gate.weight`, [width, feedForward], weights(width, feedForward)],
      [`blk.${layer}.ffn_up.weight`, [width, feedForward], weights(width, feedForward)],
      [`blk.${layer}.ffn_down.weight`, [feedForward, width], weights(feedForward, width)],
    )
  }
  writeGguf(
    file,
    [
      ...llamaEntries({ name, layers, contextLength, width, feedForward, heads: 4 }),
      ['llama.rope.dimension_count', 'u32', width / 4],
      ...tokenizerEntries(vocabulary),
    ],
    tensors,
  )
}

/**
 * An embedder (BERT, mean pooling, 64 dimensions) whose vectors are bags of the given words: texts that share words
 * come out close. Words are lower case; every other text falls apart into characters.
 */
export function bagOfWordsModel(
  file: string,
  words: readonly string[],
  options: { contextLength?: number; dimensions?: number; seed?: number } = {},
): void {
  const { contextLength = 2048, dimensions = 64, seed = 7 } = options
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const letters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
  const plain = letters.filter((letter) => letter === letter.toLowerCase())
  const tokens = [
    ...new Set([...special, ...plain.map((one) => `\u2581${one}`), ...plain, ...words.map((w) => `\u2581${w}`)]),
  ]
  const random = randomNumbers(seed)
  const vectors = zeros(tokens.length * dimensions)
  for (let index = special.length * dimensions; index < vectors.length; index++) vectors[index] = random() - 0.5
  const feedForward = dimensions
  const square = (inputs: number, outputs: number) => zeros(inputs * outputs)
  const tensors: GgufTensor[] = [
    ['token_embd.weight', [dimensions, tokens.length], vectors],
    ['token_types.weight', [dimensions, 2], zeros(dimensions * 2)],
    ['position_embd.weight', [dimensions, contextLength], zeros(dimensions * contextLength)],
    ['token_embd_norm.weight', [dimensions], ones(dimensions)],
    ['token_embd_norm.bias', [dimensions], zeros(dimensions)],
  ]
  for (const part of ['attn_q', 'attn_k', 'attn_v', 'attn_output']) {
    tensors.push([`blk.0.${part}.weight`, [dimensions, dimensions], square(dimensions, dimensions)])
    tensors.push([`blk.0.${part}.bias`, [dimensions], zeros(dimensions)])
  }
  for (const part of ['attn_output_norm', 'layer_output_norm']) {
    tensors.push([`blk.0.${part}.weight`, [dimensions], ones(dimensions)])
    tensors.push([`blk.0.${part}.bias`, [dimensions], zeros(dimensions)])
  }
  tensors.push(
    ['blk.0.ffn_up.weight', [dimensions, feedForward], square(dimensions, feedForward)],
    ['blk.0.ffn_up.bias', [feedForward], zeros(feedForward)],
    ['blk.0.ffn_down.weight', [feedForward, dimensions], square(feedForward, dimensions)],
    ['blk.0.ffn_down.bias', [dimensions], zeros(dimensions)],
  )
  writeGguf(
    file,
    [
      ['general.architecture', 'str', 'bert'],
      ['general.name', 'str', 'bag of words'],
      ['bert.block_count', 'u32', 1],
      ['bert.context_length', 'u32', contextLength],
      ['bert.embedding_length', 'u32', dimensions],
      ['bert.feed_forward_length', 'u32', feedForward],
      ['bert.attention.head_count', 'u32', 4],
      ['bert.attention.layer_norm_epsilon', 'f32', 1e-5],
      ['bert.attention.causal', 'bool', false],
      ['bert.pooling_type', 'u32', 1],
      ['tokenizer.ggml.model', 'str', 'bert'],
      ['tokenizer.ggml.tokens', 'arr:str', tokens],
      [
        'tokenizer.ggml.token_type',
        'arr:i32',
        tokens.map((_, index) => (index < special.length ? kind.control : kind.normal)),
      ],
      ['tokenizer.ggml.token_type_count', 'u32', 2],
      ['tokenizer.ggml.padding_token_id', 'u32', 0],
      ['tokenizer.ggml.unknown_token_id', 'u32', 1],
      ['tokenizer.ggml.cls_token_id', 'u32', 2],
      ['tokenizer.ggml.bos_token_id', 'u32', 2],
      ['tokenizer.ggml.seperator_token_id', 'u32', 3],
      ['tokenizer.ggml.eos_token_id', 'u32', 3],
      ['tokenizer.ggml.mask_token_id', 'u32', 4],
    ],
    tensors,
  )
}

function llamaEntries(of: {
  name: string
  layers: number
  contextLength: number
  width: number
  feedForward: number
  heads: number
}): GgufEntry[] {
  return [
    ['general.architecture', 'str', 'llama'],
    ['general.name', 'str', of.name],
    ['llama.block_count', 'u32', of.layers],
    ['llama.context_length', 'u32', of.contextLength],
    ['llama.embedding_length', 'u32', of.width],
    ['llama.feed_forward_length', 'u32', of.feedForward],
    ['llama.attention.head_count', 'u32', of.heads],
    ['llama.attention.head_count_kv', 'u32', of.heads],
    ['llama.attention.layer_norm_rms_epsilon', 'f32', 1e-5],
  ]
}

/** A weight matrix as GGUF keeps it: all inputs of one output side by side. */
function matrix(inputs: number, outputs: number) {
  const data = zeros(inputs * outputs)
  return {
    data,
    set: (input: number, output: number, weight: number): void => {
      data[output * inputs + input] = weight
    },
  }
}

function zeros(length: number): Float32Array {
  return new Float32Array(length)
}

function ones(length: number): Float32Array {
  return new Float32Array(length).fill(1)
}

/** Repeatable random numbers in 0..1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
