// A suggested instruction tried out: the model answers three to five past questions with and without it, when nobody
// waits, and both answers are kept with the suggestion for the person who decides.
import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { withoutMarks } from '../../shared/forgotten.ts'
import type { ProposalId } from '../../shared/ids.ts'
import type { TrialCase } from '../../shared/proposals.ts'
import { conversation, memory, message, proposal } from '../database/schema.ts'
import type { JsonRequest } from '../engine/engine.ts'
import type { JobHandler } from '../jobs/queue.ts'
import { isChatter } from './extraction/gate.ts'
import type { Gate } from './modes.ts'
import type { LearningPorts } from './ports.ts'

export const TRIAL = 'trial'

const MOST_CASES = 5
const LEAST_CASES = 3
const LOOKED_AT = 40
const LONGEST_QUESTION = 400
/** Longest answer of a trial, in characters: it shows the manner, not the whole. */
const LONGEST_ANSWER = 600
const ANSWER_TOKENS = 220

const reply = z.object({ answer: z.string() })

/** @returns the handler of one trial; its key is the suggestion */
export function createTrial({ db, model }: Pick<LearningPorts, 'db' | 'model'>, gate: Gate): JobHandler {
  return async (job, finish, signal) => {
    const { owner } = job
    const id = job.key as ProposalId
    const [row] = await db.read
      .select()
      .from(proposal)
      .where(and(eq(proposal.id, id), eq(proposal.owner, owner), eq(proposal.status, 'open')))
    const claim = (row?.after as { claim?: unknown } | null)?.claim
    if (!row || typeof claim !== 'string' || gate.modeOf(row.store) === 'off') {
      return finish('trial.nothing', async () => ({ skipped: true }))
    }
    const questions = await pastQuestions({ db }, owner)
    if (questions.length < LEAST_CASES) return finish('trial.nothing', async () => ({ cases: 0 }))
    const standing = await db.read
      .select({ text: memory.text })
      .from(memory)
      .where(
        and(
          eq(memory.owner, owner),
          eq(memory.store, row.store),
          eq(memory.status, 'active'),
          row.memoryId ? ne(memory.id, row.memoryId) : undefined,
        ),
      )
    const now = standing.map(({ text }) => text)
    const cases: TrialCase[] = []
    for (const question of questions) {
      const before = await answer(question, now)
      const after = await answer(question, [...now, claim])
      if (before !== null && after !== null) cases.push({ question, before, after })
    }
    await finish('trial.done', async (tx) => {
      await tx
        .update(proposal)
        .set({ after: sql`${proposal.after} || ${JSON.stringify({ trial: cases })}::jsonb` })
        .where(and(eq(proposal.id, id), eq(proposal.status, 'open')))
      return { cases: cases.length }
    })

    async function answer(question: string, instructions: readonly string[]): Promise<string | null> {
      try {
        const parsed = reply.safeParse(await model.json({ ...requestFor(question, instructions), signal }))
        return parsed.success ? parsed.data.answer : null
      } catch (error) {
        // An answer that was cut is no case; a model that is not there is an error, and the job comes back later.
        if ((error as Error).name !== 'GrammarBroken') throw error
        return null
      }
    }
  }
}

function requestFor(question: string, instructions: readonly string[]): JsonRequest {
  const system = ['You are a personal assistant. Answer the question in JSON under "answer".', ...instructions].join(
    '\n- ',
  )
  return {
    messages: [
      { role: 'system', text: system },
      { role: 'user', text: question },
    ],
    schema: { type: 'object', properties: { answer: { type: 'string', maxLength: LONGEST_ANSWER } } },
    maxTokens: ANSWER_TOKENS,
  }
}

/** The newest questions of the person that may be learned from and can be asked alone. */
async function pastQuestions({ db }: Pick<LearningPorts, 'db'>, owner: string): Promise<string[]> {
  const rows = await db.read
    .select({ text: message.text })
    .from(message)
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .where(
      and(
        eq(message.owner, owner),
        eq(message.role, 'user'),
        eq(message.learnable, true),
        eq(message.imported, false),
        inArray(message.status, ['complete']),
        sql`${conversation.trashedAt} is null`,
        sql`length(${message.text}) <= ${LONGEST_QUESTION}`,
      ),
    )
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(LOOKED_AT)
  const questions = rows.map(({ text }) => withoutMarks(text)).filter((text) => text.includes('?') && !isChatter(text))
  return [...new Set(questions)].slice(0, MOST_CASES)
}
