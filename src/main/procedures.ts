// Base of every handler: the contract bound to who calls, and the one place where errors become answers.
import { ValidationError } from '@orpc/contract'
import { implement, ORPCError } from '@orpc/server'
import type { core } from 'zod'
import { contract } from '../shared/contract/index.ts'
import { AppError } from '../shared/errors.ts'
import type { Log } from './app/log.ts'

/** Who calls. Derived by the shell from its own transport, never taken from the window. */
export interface Caller {
  owner: string
  log: Log
  /** Hears of each call. */
  onCall?(): void
}

export const procedures = implement(contract)
  .$context<Caller>()
  .use(async ({ context, next, path }) => {
    context.onCall?.()
    try {
      return await next()
    } catch (error) {
      if (error instanceof AppError) {
        throw new ORPCError('APP', {
          defined: true,
          message: error.message,
          data: { code: error.code, field: error.details.field ?? null },
        })
      }
      if (error instanceof ORPCError) {
        // Refused at the edge, before anything ran.
        const { cause } = error
        if (error.code !== 'BAD_REQUEST' || !(cause instanceof ValidationError)) throw error
        throw new ORPCError('BAD_REQUEST', { message: inWords(cause.issues as core.$ZodIssue[]), data: error.data })
      }
      context.log.error(
        { call: path.join('.'), err: (error as Error)?.name, stack: (error as Error)?.stack },
        'handler failed',
      )
      throw new ORPCError('APP', {
        defined: true,
        message: 'Something went wrong inside Understudy. Nothing you saved was lost. Try again.',
        data: { code: 'INTERNAL', field: null },
      })
    }
  })

/** What was wrong with the first thing that was, and what it may be. */
function inWords([issue]: readonly core.$ZodIssue[]): string {
  const field = issue?.path.join('.') || 'the input'
  const why =
    issue?.code === 'invalid_value'
      ? `possible: ${issue.values.map(String).join(', ')}`
      : (issue?.message ?? 'not valid')
  return `"${field}": ${why}. Nothing was changed.`
}
