// `npm run eval -- scenarios`: the guide's scenarios on a real model, as a table of what was seen.
import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { MessageView } from '../src/shared/chat.ts'
import { readScenario, type Scenario } from './scenario.ts'
import { playScenario } from './scenario-play.ts'
import { requireStarter } from './starter.ts'
import type { Check } from './story.ts'

const USAGE = `npm run eval -- scenarios [--in DIR] [--only S07]... [--model FILE] [--verbose]
  --in       a folder of scenarios; default: those of this repository
  --only     some of them, by number
  --model    a chat model; default: the starter model
  --verbose  each turn as it is played`
/** Long enough to say what is asked, and short enough that forty scenarios take less than an hour. */
const ANSWER_TOKENS = 160
/** Share of the content points that a small model is expected to reach. */
const LEAST_CONTENT = 0.7

interface Row {
  scenario: Scenario
  content: Check[]
  mechanics: Check[]
  failed: string | null
  seconds: number
}

/** @returns the exit code: 0, 1 when mechanics fail or too little content was seen, 2 when it was asked for wrongly */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      in: { type: 'string' },
      only: { type: 'string', multiple: true },
      model: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const folder = resolve(values.in ?? join(import.meta.dirname, 'scenarios'))
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readScenario(join(folder, name)))
  const wanted = values.only ?? []
  const unknown = wanted.find((id) => !all.some((scenario) => scenario.id === id))
  if (unknown !== undefined) {
    print(`There is no scenario ${unknown}. There are: ${all.map(({ id }) => id).join(', ')}.\n${USAGE}`)
    return 2
  }
  const model = values.model
    ? { path: resolve(values.model), name: basename(values.model, '.gguf') }
    : await requireStarter()
  print(`Model: ${model.name}\n`)
  const rows: Row[] = []
  for (const scenario of all) {
    if (wanted.length > 0 && !wanted.includes(scenario.id)) continue
    const row = await play(scenario, model, values.verbose)
    printRow(row)
    rows.push(row)
  }
  return verdict(rows)
}

async function play(scenario: Scenario, model: { path: string; name: string }, verbose: boolean): Promise<Row> {
  const begin = performance.now()
  const row = { scenario, content: [], mechanics: [], failed: null }
  const seconds = () => (performance.now() - begin) / 1000
  try {
    const played = await playScenario(scenario, {
      model,
      answerTokens: ANSWER_TOKENS,
      ...(verbose ? { onTurn: printTurn } : {}),
    })
    return { ...row, ...played, seconds: seconds() }
  } catch (error) {
    return { ...row, failed: (error as Error).message, seconds: seconds() }
  }
}

function printTurn(place: string, question: MessageView, answer: MessageView): void {
  print(`  ${place}  ${question.text.replaceAll('\n', ' ')}`)
  for (const { tool, arguments: args, status } of answer.calls)
    print(`       call ${tool} ${JSON.stringify(args)}: ${status}`)
  for (const used of answer.used) print(`       used (${used.section}): ${used.text}`)
  print(`       > ${answer.text.replaceAll('\n', ' ')}`)
  for (const { action, store, text, replaced } of question.learned) {
    print(`       ${action} ${store}: ${text}${replaced ? `  (was: ${replaced})` : ''}`)
  }
}

function printRow({ scenario, content, mechanics, failed, seconds }: Row): void {
  const title = scenario.title.length > 58 ? `${scenario.title.slice(0, 57)}…` : scenario.title
  const scores = failed === null ? `${rate(mechanics).padStart(7)} ${rate(content).padStart(7)}` : 'did not run    '
  print(`${scenario.id}  ${title.padEnd(58)} ${scores} ${seconds.toFixed(0).padStart(5)} s`)
  if (failed !== null) print(`       ${failed}`)
  for (const { ok, place, phrase, wanted } of mechanics)
    if (!ok) print(`       MECHANICS ${place}: ${wanted ? 'not so: ' : ''}${phrase}`)
  for (const { ok, place, phrase, wanted } of content)
    if (!ok) print(`       ${wanted ? 'not there' : 'there    '} ${place}: ${phrase}`)
}

function verdict(rows: readonly Row[]): number {
  const mechanics = rows.flatMap((row) => row.mechanics)
  const content = rows.flatMap((row) => row.content)
  const failed = rows.filter(({ failed }) => failed !== null).length
  const reached = content.length === 0 ? 1 : content.filter(({ ok }) => ok).length / content.length
  const green = failed === 0 && mechanics.every(({ ok }) => ok)
  const minutes = rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  print(
    `\n${rows.length} scenarios in ${minutes.toFixed(0)} min${failed > 0 ? `, ${failed} did not run` : ''}: mechanics ${rate(mechanics)}, ` +
      `content ${rate(content)} (${(100 * reached).toFixed(0)} %, at least ${100 * LEAST_CONTENT} %): ${green && reached >= LEAST_CONTENT ? 'passed' : 'FAILED'}`,
  )
  return green && reached >= LEAST_CONTENT ? 0 : 1
}

function rate(checks: readonly Check[]): string {
  return `${checks.filter(({ ok }) => ok).length}/${checks.length}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
