// Base of every handler: the contract bound to who calls, and the one place where errors become answers.
import { implement, ORPCError } from '@orpc/server'
import { contract } from '../shared/contract/index.ts'
import { AppError } from '../shared/errors.ts'
import type { Log } from './app/log.ts'

/** Who calls. Derived by the shell from its own transport, never taken from the window. */
export interface Caller {
  owner: string
  log: Log
}

export const procedures = implement(contract)
  .$context<Caller>()
  .use(async ({ context, next, path }) => {
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
      if (error instanceof ORPCError) throw error
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
