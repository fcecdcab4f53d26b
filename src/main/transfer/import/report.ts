// What a dry run found, for a person: how much of each kind is new, the same or different, with a few examples.
import { sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { CsvColumn, ImportExample, ImportKind, ImportReport, ImportVerdict } from '../../../shared/imports.ts'
import type { ReadHandle } from '../../database/database.ts'
import { LEARN } from '../../learning/turns.ts'
import { KINDS, type Kind, type Line } from '../archive/format.ts'
import { UNREADABLE } from '../sources/staged.ts'
import { countVerdicts, isKind, type VerdictCount } from './compare.ts'
import { isHarmless } from './publish.ts'

const EXAMPLES = 5
const SHOWN = 300
/** Kinds that make good examples, in this order. */
const TELLING: readonly Kind[] = [
  'memory',
  'conversation',
  'document',
  'entity',
  'project',
  'message',
  'setting',
  'store',
]

/**
 * @param counts of `countVerdicts`
 * @param columns of a table
 */
export async function makeReport(
  db: ReadHandle,
  owner: string,
  importId: ImportId,
  { counts: found, columns }: { counts: readonly VerdictCount[]; columns: CsvColumn[] | null },
): Promise<ImportReport> {
  const counts: ImportReport['counts'] = {}
  let unreadable = 0
  let learnable = 0
  const met = new Set<string>()
  for (const { kind, verdict, n, asked } of found) {
    met.add(verdict)
    if (verdict === 'new') learnable += asked
    if (!isKind(kind)) unreadable += n
    else {
      const before = counts[kind] ?? { new: 0, same: 0, changed: 0, conflicting: 0, refused: 0 }
      const key = verdict as keyof typeof before
      counts[kind] = { ...before, [key]: before[key] + n }
    }
  }
  leaveBeginnings(counts)
  const examples = async (verdict: ImportVerdict) => {
    if (!met.has(verdict)) return []
    return (await readRows(db, owner, importId, { verdict, kind: null, after: null, limit: EXAMPLES })).rows
  }
  return {
    counts,
    examples: {
      new: await examples('new'),
      changed: await examples('changed'),
      conflicting: await examples('conflicting'),
      refused: await examples('refused'),
    },
    unreadable,
    learnable,
    learningMs: await learningTime(db, owner, learnable),
    columns,
    taken: null,
  }
}

/** Each conversation has a first message that nobody wrote: it is new with its conversation, and else here already. */
function leaveBeginnings({ conversation, message }: ImportReport['counts']): void {
  if (!conversation || !message) return
  message.new = Math.max(0, message.new - conversation.new)
  message.same = Math.max(0, message.same - conversation.same - conversation.changed - conversation.conflicting)
}

/** Reasons that are told one by one. */
const REASONS = 10

/** What came of the staged rows, inside the transaction that took them over. @param own they were restored as they were */
export async function countTaken(
  tx: ReadHandle,
  importId: ImportId,
  own: boolean,
): Promise<NonNullable<ImportReport['taken']>> {
  const { rows } = await tx.execute<{ reason: string | null; count: number }>(sql`
    select reason, count(*)::int as count from import_row where import_id = ${importId}::uuid and verdict = 'refused'
    group by reason order by count(*) desc, reason limit ${REASONS}`)
  const leftOut = rows.map(({ reason, count }) => ({ reason: reason ?? '', count }))
  const taken: NonNullable<ImportReport['taken']> = { added: {}, proposed: 0, replaced: 0, leftOut }
  for (const { kind, verdict, n } of await countVerdicts(tx, importId)) {
    if (verdict === 'proposed' || verdict === 'replaced') taken[verdict] += n
    else if (verdict === 'new' && isKind(kind) && (own || isHarmless(kind))) taken.added[kind] = n
  }
  const { message, conversation = 0 } = taken.added
  if (message !== undefined) taken.added.message = Math.max(0, message - conversation)
  return taken
}

/** Turns whose time says how long others will take. */
const LAST_TURNS = 50

/** About how long learning from so many messages takes, in milliseconds, by the last turns here; null when there were none. */
async function learningTime(db: ReadHandle, owner: string, messages: number): Promise<number | null> {
  const { rows } = await db.execute<{ ms: number | null }>(sql`
    select percentile_cont(0.5) within group (order by extract(epoch from finished_at - created_at))::float8 * 1000 as ms
    from (select finished_at, created_at from job where owner = ${owner} and kind = ${LEARN} and status = 'done'
      order by finished_at desc nulls last limit ${LAST_TURNS}) last`)
  const each = rows[0]?.ms ?? null
  return each === null || messages === 0 ? null : Math.round(each * messages)
}

/** Staged rows of a verdict, those of telling kinds first. `next` goes on after the last. */
export async function readRows(
  db: ReadHandle,
  owner: string,
  importId: ImportId,
  query: { verdict: ImportVerdict; kind: ImportKind | null; after: number | null; limit: number },
): Promise<{ rows: ImportExample[]; next: number | null }> {
  const { verdict, kind, after, limit } = query
  const offset = after ?? 0
  const most = offset + limit + 1
  const { rows } = await db.execute<{
    kind: string
    id: string | null
    reason: string | null
    place: string | null
    body: string | null
  }>(sql`
    select one.kind, id, reason, place, body
    from unnest(${sql.param(kindsToShow(verdict, kind))}::text[]) with ordinality as shown (kind, rank)
      cross join lateral (select * from import_row where import_id = ${importId}::uuid and kind = shown.kind
        and verdict = ${verdict}
        and case when shown.kind = 'message' then body::json ->> 'role' is distinct from 'root' else true end
        order by n limit ${most}) one
    order by shown.rank, n offset ${offset} limit ${limit + 1}`)
  const shown = rows.slice(0, limit)
  const here = await textsHere(
    db,
    owner,
    shown.filter((_row) => verdict === 'changed' || verdict === 'conflicting'),
  )
  return {
    rows: shown.map((row) => ({
      kind: isKind(row.kind) ? row.kind : null,
      text: row.body === null ? null : textOf(row.kind, row.body),
      here: (row.id && here.get(row.id)) ?? null,
      place: row.place,
      reason: row.reason,
    })),
    next: rows.length > limit ? offset + limit : null,
  }
}

/** In the order they are shown in. What is refused is shown whatever it is; new messages would bury their conversations. */
function kindsToShow(verdict: ImportVerdict, kind: ImportKind | null): readonly string[] {
  if (kind !== null) return [kind]
  if (verdict === 'refused') return [...TELLING, ...KINDS.filter((one) => !TELLING.includes(one)), UNREADABLE]
  return TELLING.filter((one) => one !== 'message' || verdict !== 'new')
}

/** What a person knows a row by. */
function textOf(kind: string, body: string): string | null {
  const line = JSON.parse(body) as Line
  const text = (() => {
    if (kind === 'memory' || kind === 'message') return (line as Line<'memory'>).text
    if (kind === 'conversation') return (line as Line<'conversation'>).title
    if (kind === 'setting') return (line as Line<'setting'>).key
    if (kind === 'store') return (line as Line<'store'>).definition.title
    return (line as { name?: string }).name ?? null
  })()
  return text === null ? null : text.slice(0, SHOWN)
}

async function textsHere(
  db: ReadHandle,
  owner: string,
  rows: readonly { kind: string; id: string | null }[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const [kind, column] of [
    ['memory', 'text'],
    ['message', 'text'],
    ['conversation', 'title'],
    ['document', 'name'],
    ['project', 'name'],
    ['entity', 'name'],
  ] as const) {
    const ids = rows.flatMap((row) => (row.kind === kind && row.id ? [row.id] : []))
    if (ids.length === 0) continue
    const found = await db.execute<{ id: string; text: string }>(sql`
      select id, left(${sql.identifier(column)}, ${SHOWN}) as text from ${sql.identifier(kind)}
      where id = any(${sql.param(ids)}::uuid[]) and owner = ${owner}`)
    for (const { id, text } of found.rows) texts.set(id, text)
  }
  return texts
}
