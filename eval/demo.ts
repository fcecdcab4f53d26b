// `npm run demo`: plays a story on a real model and says what was found and what is missing.
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type PlayedTurn, playStory } from './play.ts'
import { requireStarter } from './starter.ts'
import { type Check, readStory } from './story.ts'

const builtIn = resolve(import.meta.dirname, 'stories/moving-servers.json')

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { story: { type: 'string' }, model: { type: 'string' } } })
  const story = readStory(values.story ? resolve(values.story) : builtIn)
  const model = values.model ? modelAt(resolve(values.model)) : await requireStarter()
  print(`Story: ${story.title}\nModel: ${model.name}`)
  const { checks } = await playStory({
    story,
    model,
    onConversation: (index, at) =>
      print(`\n── Conversation ${index + 1}, ${at.toISOString().slice(0, 10)} ${'─'.repeat(50)}`),
    onTurn: printTurn,
  })
  return printTable(checks)
}

function modelAt(path: string): { path: string; name: string } {
  return { path, name: basename(path, '.gguf') }
}

function printTurn(turn: PlayedTurn): void {
  const { stats } = turn.answer
  print(`\nPerson     ${indent(turn.user)}`)
  for (const item of turn.used) print(`  recalled   ${item.text}  (${whyInWords(item)}, ${item.tokens} tokens)`)
  print(`Understudy ${indent(turn.answer.text)}`)
  for (const change of turn.learned) {
    const was = change.replaced ? `  (was: ${change.replaced})` : ''
    print(`  learned    ${change.store}: ${change.text}${was}`)
    for (const quote of change.quotes) print(`             from "${quote}"`)
  }
  if (turn.learned.length === 0) print('  learned    nothing')
  const first = stats?.timeToFirstTokenMs
  print(
    `  time       recall ${ms(stats?.recallMs)}, first token ${ms(first)}, answer ${ms(turn.answerMs)}, learning ${ms(turn.learnMs)}; ` +
      `prompt ${stats?.promptTokens ?? 0} tokens, ${stats?.cachedTokens ?? 0} from the cache`,
  )
}

function whyInWords({ reason, section }: PlayedTurn['used'][number]): string {
  const words = reason.words.length > 0 ? ` ${reason.words.map((word) => `“${word}”`).join(', ')}` : ''
  const cosine = reason.similarity === null ? '' : ` ${reason.similarity.toFixed(2)}`
  return `${section}: ${reason.kind}${words}${cosine}`
}

function printTable(checks: Check[]): number {
  print(`\n${'─'.repeat(72)}`)
  for (const { ok, place, phrase, wanted } of checks) {
    print(`${ok ? 'found  ' : 'MISSING'}  ${place.padEnd(16)} ${wanted ? 'has' : 'has not'} ${phrase}`)
  }
  const missing = checks.filter(({ ok }) => !ok).length
  print(`\n${checks.length - missing} found, ${missing} missing`)
  return missing > 0 ? 1 : 0
}

const ms = (value: number | null | undefined) => (value == null ? '-' : `${(value / 1000).toFixed(2)} s`)
const indent = (text: string) => text.replaceAll('\n', '\n           ')

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
