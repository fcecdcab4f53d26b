// `npm run eval -- growth`: one life, told over hundreds of turns and learned by a real model, and whether more of it is
// known as it goes on. Answers are not generated: each turn is written to its conversation and learned from as the chat
// does it, and each question goes the way of a chat turn in a new conversation as far as its prompt.

import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { eq } from 'drizzle-orm'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { recallBudget } from '../src/main/chat/prompt.ts'
import { conversation, message } from '../src/main/database/schema.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { withCore } from './core.ts'
import { CHECKPOINTS, type Life, type LifeQuestion, placesOf, readLife } from './growth-life.ts'
import {
  type Asked,
  type CheckpointScore,
  failedFloors,
  hasTakenHold,
  MOST_OUTDATED,
  MOST_TURNS,
  scoreAnswer,
  scoreCheckpoint,
  wantedAfter,
} from './growth-score.ts'
import { StoryClock, startOf } from './play.ts'
import { requireStarter } from './starter.ts'
import { phraseName } from './story.ts'

const USAGE = `npm run eval -- growth [--in FILE] [--model FILE] [--verbose]
  --in       a life (docs/stories.md); default: the one of this repository
  --model    a GGUF file; default: the starter model
  --verbose  also what each turn taught, and the prompts of questions that did not get what they need`

interface Correction {
  question: LifeQuestion
  /** Turn that says it. */
  turn: number
  /** Turns after it until it held; null while it does not. */
  after: number | null
}

/** @returns the exit code: 0, 1 when a floor fails, 2 when it was asked for wrongly */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { in: { type: 'string' }, model: { type: 'string' }, verbose: { type: 'boolean', default: false } },
  })
  if (positionals.length > 0) {
    print(USAGE)
    return 2
  }
  const life = readLife(values.in ? resolve(values.in) : join(import.meta.dirname, 'growth', 'life.json'))
  const model = values.model
    ? { path: resolve(values.model), name: basename(values.model, '.gguf') }
    : await requireStarter()
  print(`${life.title}\nModel: ${model.name}`)
  const begin = performance.now()
  const { scores, corrections } = await live(life, model, values.verbose)
  printCheckpoints(scores)
  printCorrections(corrections)
  const failed = failedFloors(scores)
  print(`\n${((performance.now() - begin) / 60_000).toFixed(1)} min; ${failed.length === 0 ? 'passed' : 'FAILED'}`)
  for (const line of failed) print(`  ${line}`)
  return failed.length === 0 ? 0 : 1
}

async function live(
  life: Life,
  model: { path: string; name: string },
  verbose: boolean,
): Promise<{ scores: CheckpointScore[]; corrections: Correction[] }> {
  const clock = new StoryClock()
  return withCore(
    async (core) => {
      await core.engine.load(model)
      // One budget for all of it, so that figures differ by what was learned and not by how busy the machine was.
      const budgetTokens = recallBudget(core.engine.contextSize, core.engine.prefillSpeed)
      print(`Recall budget of a turn: ${budgetTokens} tokens`)
      const places = placesOf(life.conversations.flatMap(({ turns }) => turns))
      const scores: CheckpointScore[] = []
      const corrections: Correction[] = []
      let turns = 0
      for (const { at, turns: told } of life.conversations) {
        const start = startOf(at)
        const teller = new Teller(core, newId<ConversationId>())
        for (const [number, { user, corrects = [] }] of told.entries()) {
          clock.set(new Date(start.getTime() + number * 60_000))
          await teller.tell(user, clock.now())
          turns += 1
          if (verbose) await printLearned(core, turns, user, teller.last)
          const asked = (question: LifeQuestion) =>
            ask(core, question, wantedAfter(question, turns, places), budgetTokens)
          for (const question of life.questions) {
            if (corrects.includes(question.id)) corrections.push({ question, turn: turns, after: null })
          }
          for (const open of corrections.filter(({ turn, after }) => after === null && turns - turn <= MOST_TURNS)) {
            if (!hasTakenHold(await asked(open.question))) continue
            open.after = turns - open.turn
            if (verbose) print(`         holds after ${open.after} turns: ${open.question.ask}`)
          }
          if (!CHECKPOINTS.some((checkpoint) => checkpoint === turns)) continue
          const answers: Asked[] = []
          print(`\nAfter ${turns} turns`)
          for (const question of life.questions) {
            const answer = await asked(question)
            answers.push(answer)
            printMiss(question, wantedAfter(question, turns, places).needed.map(phraseName), answer, verbose)
          }
          const score = scoreCheckpoint(turns, answers)
          scores.push(score)
          print(
            `  ${score.reached} of ${score.questions} reached, ${score.given} of ${score.outdated} outdated items given`,
          )
        }
      }
      return { scores, corrections }
    },
    { clock },
  )
}

/** Writes the turns of one conversation with the shortest of answers, and waits until each was learned from. */
class Teller {
  last: MessageId | null = null
  readonly #core: Core
  readonly #id: ConversationId
  #head: MessageId | null = null

  constructor(core: Core, id: ConversationId) {
    this.#core = core
    this.#id = id
  }

  async tell(text: string, createdAt: Date): Promise<void> {
    const { db, learning } = this.#core
    const conversationId = this.#id
    const [messageId, answerId] = [newId<MessageId>(), newId<MessageId>()]
    const at = { owner: OWNER, conversationId, createdAt, status: 'complete' as const }
    await db.write('eval.growth', async (tx) => {
      let parentId = this.#head
      if (parentId === null) {
        parentId = newId<MessageId>()
        const times = { createdAt, updatedAt: createdAt }
        await tx.insert(conversation).values({ id: conversationId, owner: OWNER, title: 'Growth', ...times })
        await tx.insert(message).values({ ...at, id: parentId, role: 'root', text: '' })
      }
      await tx.insert(message).values([
        { ...at, id: messageId, parentId, role: 'user', text },
        { ...at, id: answerId, parentId: messageId, role: 'assistant', text: 'Noted.' },
      ])
      await tx
        .update(conversation)
        .set({ headId: answerId, updatedAt: createdAt })
        .where(eq(conversation.id, conversationId))
      await learning.queueTurn(tx, { owner: OWNER, conversationId, messageId })
    })
    this.#head = answerId
    this.last = messageId
    await learning.idle()
  }
}

async function ask(
  core: Core,
  { ask: text }: LifeQuestion,
  wanted: ReturnType<typeof wantedAfter>,
  budgetTokens: number,
): Promise<Asked & { lines: string[] }> {
  const { core: standing, recalled } = await core.learning.buildContext({
    owner: OWNER,
    conversationId: newId<ConversationId>(),
    text,
    recent: [],
    core: null,
    earlier: [],
    budgetTokens,
  })
  const lines = [standing, recalled].flatMap((block) => block?.items.map(({ line }) => line) ?? [])
  return { ...scoreAnswer(wanted, lines), tokens: (standing?.tokens ?? 0) + (recalled?.tokens ?? 0), lines }
}

async function printLearned(core: Core, turn: number, text: string, messageId: MessageId | null): Promise<void> {
  print(`${String(turn).padStart(5)}  ${text.replaceAll('\n', ' ').slice(0, 110)}`)
  const learned = messageId ? await core.learning.turnsOf(OWNER, [messageId]) : new Map()
  for (const { changes } of learned.values()) {
    for (const { action, store, text: item, replaced } of changes) {
      print(`         ${action} ${store}: ${item}${replaced ? `  (was: ${replaced})` : ''}`)
    }
  }
}

function printMiss(
  { ask: text }: LifeQuestion,
  needed: readonly string[],
  { reached, isNeeded, given, lines }: Asked & { lines: string[] },
  verbose: boolean,
): void {
  if (isNeeded && !reached) print(`  not there   ${text}  (${needed.join('; ')})`)
  for (const { phrase, line } of given) print(`  outdated    ${text}  (${phrase})  ${line}`)
  if (verbose && ((isNeeded && !reached) || given.length > 0))
    for (const line of lines) print(`                ${line}`)
}

function printCheckpoints(scores: readonly CheckpointScore[]): void {
  print('\nturns   reached            of what was said   outdated given   tokens a turn')
  for (const { turns, questions, answerable, reached, outdated, given, tokens } of scores) {
    const cells = [
      String(turns).padEnd(6),
      `${reached} of ${questions} (${percent(reached, questions)})`.padEnd(17),
      `${reached} of ${answerable} (${percent(reached, answerable)})`.padEnd(17),
      `${given} of ${outdated} (${percent(given, outdated)})`.padEnd(15),
      tokens.toFixed(0),
    ]
    print(cells.join('  '))
  }
  print(
    `Floors: the share reached rises each time; at most ${percent(MOST_OUTDATED, 1)} of outdated items given; tokens do not`,
  )
  print('grow from the checkpoint before the last to the last.')
}

function printCorrections(corrections: readonly Correction[]): void {
  const held = corrections.flatMap(({ after }) => after ?? [])
  const atOnce = held.filter((after) => after === 0).length
  print(
    `\n${corrections.length} corrections and changes: ${atOnce} hold in the very next question, ${held.length - atOnce} later,`,
  )
  print(`${corrections.length - held.length} not within ${MOST_TURNS} turns.`)
  for (const { question, turn, after } of corrections) {
    if (after !== 0)
      print(`  turn ${turn}: ${question.ask}  ${after === null ? `not within ${MOST_TURNS}` : `after ${after} turns`}`)
  }
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
