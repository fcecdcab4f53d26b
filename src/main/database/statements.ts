// Statements that the session has parsed once and keeps. A query of PGlite asks the engine six times (parse, describe, bind,
// describe, execute, sync); of a statement it knows, one question with all of it is enough, and a turn sends many small ones.
import { type PGlite, protocol, types } from '@electric-sql/pglite'
import type { QueryResult, RowShape } from './messages.ts'

type Parsers = Record<number, (text: string) => unknown>

interface Prepared {
  name: string
  /** Types of the parameters. */
  takes: number[]
  /** Names and types of the columns. */
  gives: { name: string; dataTypeID: number }[]
}

/** Statements kept; the one that was not used for longest goes first. */
const MOST_KEPT = 400
/** What a client of Postgres may prepare; the rest (transactions, settings) is done once and for all. */
const PREPARABLE = /^\s*\(*\s*(?:select|insert|update|delete|with)\b/iu
const { serialize, messages } = protocol

/** The engine trapped: what it says from here on cannot be trusted. */
export class EngineTrap extends Error {}

export class Statements {
  readonly #database: PGlite
  readonly #parsers: Record<RowShape, Parsers>
  /** By text, in order of use; null: asked for once, not worth keeping yet. */
  readonly #known = new Map<string, Prepared | null>()
  #names = 0

  constructor(database: PGlite, parsers: Record<RowShape, Parsers>) {
    this.#database = database
    this.#parsers = parsers
  }

  /**
   * @param params one value for each `$n`, of whatever the engine has a serializer for
   * @throws DatabaseError of PGlite; EngineTrap when no answer came
   */
  async run(text: string, params: readonly unknown[], rows: RowShape): Promise<QueryResult> {
    const known = this.#known.get(text)
    if (known === undefined) {
      if (PREPARABLE.test(text)) await this.#keep(text, null)
      return await this.#once(text, params, rows)
    }
    const prepared = known ?? (await this.#prepare(text))
    await this.#keep(text, prepared)
    return await this.#execute(prepared, params, rows)
  }

  /** Forgets all of them: after a migration their columns may be others. */
  async clear(): Promise<void> {
    this.#known.clear()
    await this.#database.exec('deallocate all')
  }

  async #once(text: string, params: readonly unknown[], rows: RowShape): Promise<QueryResult> {
    const result = await this.#database.query(text, [...params], { rowMode: rows, parsers: this.#parsers[rows] })
    // A trap of the engine shows as an empty result without a command.
    if (result.command === undefined) throw new EngineTrap('The statement ended without an answer.')
    const { fields, command } = result
    return { rows: result.rows, affectedRows: result.affectedRows ?? 0, fields, command }
  }

  async #prepare(text: string): Promise<Prepared> {
    const name = `kept_${this.#names++}`
    const answer = await this.#ask([serialize.parse({ name, text }), serialize.describe({ type: 'S', name })])
    const takes = answer.find((message) => message instanceof messages.ParameterDescriptionMessage)?.dataTypeIDs
    const gives = answer.find((message) => message instanceof messages.RowDescriptionMessage)?.fields
    const columns = gives?.map((field) => ({ name: field.name, dataTypeID: field.dataTypeID }))
    return { name, takes: takes ?? [], gives: columns ?? [] }
  }

  async #execute({ name, takes, gives }: Prepared, params: readonly unknown[], shape: RowShape): Promise<QueryResult> {
    const { serializers } = this.#database
    const values = params.map((value, index) => {
      if (value === null || value === undefined) return null
      const type = takes[index]
      const serializer = type === undefined ? undefined : serializers[type]
      return serializer ? serializer(value) : String(value)
    })
    const answer = await this.#ask([serialize.bind({ statement: name, values }), serialize.execute({})])
    const completed = answer.find((message) => message instanceof messages.CommandCompleteMessage)
    if (!completed) throw new EngineTrap('The statement ended without an answer.')
    const parsers = { ...this.#database.parsers, ...this.#parsers[shape] }
    const rows = answer.flatMap((message): unknown[] => {
      if (!(message instanceof messages.DataRowMessage)) return []
      const cells = gives.map(({ dataTypeID }, index): unknown =>
        types.parseType(message.fields[index] ?? null, dataTypeID, parsers),
      )
      if (shape === 'array') return [cells]
      return [Object.fromEntries(gives.map((column, index) => [column.name, cells[index]]))]
    })
    const [command = '', ...counts] = completed.text.split(' ')
    const affectedRows = command === 'SELECT' ? 0 : Number(counts.at(-1) ?? 0)
    return { rows, affectedRows, fields: gives, command }
  }

  /** Puts it last; what is too many is closed in the engine as well. */
  async #keep(text: string, prepared: Prepared | null): Promise<void> {
    this.#known.delete(text)
    this.#known.set(text, prepared)
    if (this.#known.size <= MOST_KEPT) return
    const [oldest] = this.#known
    if (!oldest) return
    this.#known.delete(oldest[0])
    if (oldest[1]) await this.#ask([serialize.close({ type: 'S', name: oldest[1].name })])
  }

  #ask(messages: readonly Uint8Array[]) {
    return this.#database.execProtocolStream(Buffer.concat([...messages, serialize.sync()]))
  }
}
