// Plays a scenario of the guide on the real core, without a window, and checks what must be seen: literal words in rows,
// used list and answer (content), and what holds in every turn whatever the model says (mechanics).

import { and, eq } from 'drizzle-orm'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { memory } from '../src/main/database/schema.ts'
import type { MessageView } from '../src/shared/chat.ts'
import { type ConversationId, newId } from '../src/shared/ids.ts'
import type { MemoryStatus, StoreMode, UsedItem } from '../src/shared/memory.ts'
import { withCore } from './core.ts'
import { checkTurn, rememberState } from './mechanics.ts'
import { playTurn, StoryClock, startOf } from './play.ts'
import type { Expectation, Scenario, Step } from './scenario.ts'
import { type Check, checkWords } from './story.ts'

export interface PlayedScenario {
  content: Check[]
  mechanics: Check[]
}

export interface ScenarioOptions {
  model: { path: string; name: string }
  /** Longest answer in tokens. */
  answerTokens: number
  onTurn?: (place: string, question: MessageView, answer: MessageView) => void
}

/** @throws when an answer fails or the core cannot start */
export async function playScenario(scenario: Scenario, options: ScenarioOptions): Promise<PlayedScenario> {
  const clock = new StoryClock()
  const { answerTokens, model } = options
  return withCore(
    async (core) => {
      await core.engine.load(model)
      return new Player(core, clock, options).play(scenario)
    },
    { clock, answerTokens, chatContext: scenario.context },
  )
}

class Player {
  readonly #core: Core
  readonly #clock: StoryClock
  readonly #options: ScenarioOptions
  /** Ids of the stores a person made, by title. */
  readonly #custom = new Map<string, string>()
  readonly #content: Check[] = []
  readonly #mechanics: Check[] = []
  #lastAnswer: MessageView | null = null

  constructor(core: Core, clock: StoryClock, options: ScenarioOptions) {
    this.#core = core
    this.#clock = clock
    this.#options = options
  }

  async play({ level, modes, customStores, teams, conversations }: Scenario): Promise<PlayedScenario> {
    const { learning } = this.#core
    await learning.setLevel(OWNER, level)
    for (const definition of customStores) {
      const { id } = await learning.customStores.create(OWNER, definition)
      this.#custom.set(definition.title, id)
    }
    await this.#setModes(modes)
    for (const { namespace, members } of teams) {
      for (const [person, name] of Object.entries(members)) await learning.teams.join(ownerOf(person), namespace, name)
    }
    for (const [index, conversation] of conversations.entries()) {
      await this.#setModes(conversation.modes)
      const owner = ownerOf(conversation.as)
      const start = startOf(conversation.at)
      const conversationId = newId<ConversationId>()
      for (const [number, step] of conversation.steps.entries()) {
        this.#clock.set(new Date(start.getTime() + number * 60_000))
        const place = `${index + 1}.${number + 1}`
        await this.#step(place, owner, step, conversationId, conversation.mode)
        await learning.idle()
        if ('expect' in step && step.expect) await this.#check(place, owner, step.expect)
      }
    }
    return { content: this.#content, mechanics: this.#mechanics }
  }

  async #setModes(modes: Readonly<Record<string, StoreMode>>): Promise<void> {
    for (const [store, mode] of Object.entries(modes)) {
      await this.#core.learning.setMode(OWNER, this.#custom.get(store) ?? store, mode)
    }
  }

  async #step(
    place: string,
    owner: string,
    step: Step,
    conversationId: ConversationId,
    mode: 'normal' | 'read_only',
  ): Promise<void> {
    const { learning } = this.#core
    if ('user' in step) {
      const before = await rememberState(this.#core, owner)
      const { question, answer } = await playTurn(this.#core, owner, { conversationId, text: step.user, mode })
      this.#lastAnswer = answer
      this.#mechanics.push(...(await checkTurn(this.#core, owner, { place, question, answer, mode, before })))
      this.#options.onTurn?.(place, question, answer)
    } else if ('document' in step) {
      await learning.documents.add(owner, step.document)
    } else if ('react' in step) {
      if (!this.#lastAnswer) throw new Error(`${place}: there is no answer to react to`)
      const { signal, comment, edited } = step.react
      await learning.react(owner, { answerId: this.#lastAnswer.id, signal, comment, edited })
    } else if ('decide' in step) {
      const { items } = await learning.proposals.list(owner, { limit: 200 })
      for (const { id } of items) {
        if (step.decide === 'approve') await learning.proposals.accept(owner, id)
        else await learning.proposals.decline(owner, id, false)
      }
    } else if ('share' in step) {
      await this.#share(place, owner, step.share)
    } else {
      const store = this.#custom.get(step.add.store) ?? step.add.store
      await learning.add(owner, { store, text: step.add.text })
    }
  }

  async #share(place: string, owner: string, share: { words: string; with: string }): Promise<void> {
    const rows = await this.#rows(owner, 'active')
    const found = rows.find(({ text, namespace }) => text.includes(share.words) && namespace === 'user')
    // That it is there to be shared is content: the model may not have found it.
    this.#content.push({ place: `${place} shared`, phrase: share.words, wanted: true, ok: found !== undefined })
    if (found) await this.#core.learning.share(owner, { id: found.id, namespace: share.with })
  }

  async #check(place: string, owner: string, expect: Expectation): Promise<void> {
    const active = await this.#rows(owner, 'active')
    const said = (kind: string, wanted: Parameters<typeof checkWords>[1], entries: string[]) =>
      this.#content.push(...checkWords(`${place} ${kind}`, wanted, entries))
    said(
      'memories',
      expect.memories,
      active.map(({ text }) => text),
    )
    for (const [name, wanted] of Object.entries(expect.stores ?? {})) {
      const id = this.#custom.get(name) ?? name
      const own = active.filter(({ store }) => store === id)
      said(
        name,
        wanted,
        own.map(({ text, data, validFrom }) => `${text} ${JSON.stringify(data)} ${validFrom?.toISOString() ?? ''}`),
      )
    }
    if (expect.earlier) {
      const gone = [...(await this.#rows(owner, 'superseded')), ...(await this.#rows(owner, 'archived'))]
      said(
        'earlier',
        expect.earlier,
        gone.map(({ text }) => text),
      )
    }
    if (expect.waiting) {
      const { items } = await this.#core.learning.proposals.list(owner, { limit: 200 })
      said(
        'waiting',
        expect.waiting,
        items.map((item) => JSON.stringify(item)),
      )
    }
    said('used', expect.used, this.#lastAnswer?.used.map(lineOf) ?? [])
    said(
      'calls',
      expect.calls,
      this.#lastAnswer?.calls.map(({ tool, arguments: args }) => `${tool} ${JSON.stringify(args)}`) ?? [],
    )
    said('answer', expect.answer, [this.#lastAnswer?.text ?? ''])
  }

  #rows(owner: string, status: MemoryStatus) {
    return this.#core.db.read
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.status, status)))
  }
}

function ownerOf(person: string | undefined): string {
  return person === undefined ? OWNER : person
}

function lineOf(item: UsedItem): string {
  if (item.kind === 'memory') {
    const by = item.sharedBy ? ` (shared by ${item.sharedBy})` : ''
    return `${item.store}: ${item.text ?? ''}${by}`
  }
  return `${item.source?.documentName ?? item.source?.voice ?? ''}: ${item.text ?? ''}`
}
