// What main and the database worker say to each other.
import type { DiskTrial } from './faulty-fs.ts'

export interface WorkerOptions {
  /** Folder of the cluster; made by initdb when it is not there. */
  data: string
  /** The cluster is copied into memory, and nothing is ever written to disk. */
  memory?: boolean
  /** Tests of durability alone: what stands between Postgres and the disk. */
  trial?: DiskTrial
}

export type RowShape = 'array' | 'object'

export type Request = { id: number } & (
  | { kind: 'query'; sql: string; params: unknown[]; rows: RowShape }
  | { kind: 'script'; sql: string }
  | { kind: 'learn-types' }
  | { kind: 'count-fsyncs' }
  | { kind: 'close' }
)

export interface QueryResult {
  rows: unknown[]
  affectedRows: number
  fields: { name: string; dataTypeID: number }[]
  command: string
}

/** What Postgres said of a failed statement; `fatal` means the engine cannot be trusted any more. */
export interface Failure {
  message: string
  code: string | undefined
  detail: string | undefined
  constraint: string | undefined
  table: string | undefined
  fatal: boolean
}

export type Reply =
  | { id: 'open'; error?: Failure; fatalLines?: string[] }
  | { id: number; result?: QueryResult; fsyncs?: number; error?: Failure }

/** A statement Postgres refused. The message is Postgres's; it names tables and columns, never the values. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** SQLSTATE, such as 23505 for a unique violation. */
  readonly code: string | undefined
  /** Names values; not for logs. */
  readonly detail: string | undefined
  readonly constraint: string | undefined
  readonly table: string | undefined

  constructor(failure: Failure) {
    super(failure.message)
    this.code = failure.code
    this.detail = failure.detail
    this.constraint = failure.constraint
    this.table = failure.table
  }
}
