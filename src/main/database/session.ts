// Drizzle over a client that lives in another thread. Drizzle's own session for PGlite needs one method of its client;
// what is changed here is that a failed query does not carry its parameters, which are private text, in the message.
import { NoopCache } from 'drizzle-orm/cache/core'
import { NoopLogger } from 'drizzle-orm/logger'
import { PgDatabase } from 'drizzle-orm/pg-core'
import { PgDialect } from 'drizzle-orm/pg-core/dialect'
import { type PgliteClient, PglitePreparedQuery, type PgliteQueryResultHKT, PgliteSession } from 'drizzle-orm/pglite'
import type { QueryResult, RowShape } from './messages.ts'
import type * as schema from './schema.ts'

/** Sends one statement. */
export type RunQuery = (sql: string, params: unknown[], rows: RowShape) => Promise<QueryResult>

class PlainPreparedQuery extends PglitePreparedQuery<{ execute: unknown; all: unknown; values: unknown }> {
  /** Drizzle's hook around a query, for its cache and its error with all parameters; neither is wanted. */
  protected queryWithCache<T>(_sql: string, _params: unknown[], run: () => Promise<T>): Promise<T> {
    return run()
  }
}

class RemoteSession extends PgliteSession<typeof schema, Record<string, never>> {
  readonly #client: PgliteClient

  constructor(client: PgliteClient, dialect: PgDialect) {
    super(client, dialect, undefined)
    this.#client = client
  }

  override prepareQuery(...args: Parameters<PgliteSession<typeof schema, Record<string, never>>['prepareQuery']>) {
    const [query, fields, name, inArrayMode, mapper, metadata, cacheConfig] = args
    return new PlainPreparedQuery(
      this.#client,
      query.sql,
      query.params,
      new NoopLogger(),
      new NoopCache(),
      metadata,
      cacheConfig,
      fields,
      name,
      inArrayMode,
      mapper as ((rows: unknown[][]) => unknown) | undefined,
    )
  }
}

/** A drizzle handle over `run`. */
export function drizzleOver(run: RunQuery): PgDatabase<PgliteQueryResultHKT, typeof schema> {
  const client = {
    query: (sql: string, params: unknown[], options: { rowMode: RowShape }) => run(sql, params, options.rowMode),
  }
  const dialect = new PgDialect()
  // The one method above is all that the session uses of a PGlite.
  return new PgDatabase(dialect, new RemoteSession(client as unknown as PgliteClient, dialect), undefined)
}
