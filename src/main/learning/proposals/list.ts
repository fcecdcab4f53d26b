// The inbox page by page: what is flagged stands last, within that the oldest first; what is decided newest first.
import { and, asc, count, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ProposalStatus } from '../../../shared/proposals.ts'
import type { ReadHandle } from '../../database/database.ts'
import { proposal } from '../../database/schema.ts'
import type { ProposalRow } from './rows.ts'

export interface ProposalQuery {
  status?: ProposalStatus
  store?: StoreId | null
  cursor?: string | null
  limit?: number
}

export interface ProposalRows {
  rows: ProposalRow[]
  total: number
  nextCursor: string | null
}

export async function listRows(read: ReadHandle, owner: string, query: ProposalQuery): Promise<ProposalRows> {
  const { status = 'open', store = null, cursor = null, limit = 50 } = query
  const all = and(
    eq(proposal.owner, owner),
    eq(proposal.status, status),
    store === null ? undefined : eq(proposal.store, store),
  )
  const flags = sql<number>`jsonb_array_length(${proposal.flags})`
  const open = status === 'open'
  const at = open ? proposal.createdAt : proposal.decidedAt
  const after = cursor === null ? undefined : afterCursor(cursor, open, flags)
  const rows = await read
    .select()
    .from(proposal)
    .where(and(all, after))
    .orderBy(...(open ? [asc(flags), asc(at), asc(proposal.id)] : [desc(at), desc(proposal.id)]))
    .limit(limit + 1)
  const [total] = await read.select({ n: count() }).from(proposal).where(all)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page,
    total: total?.n ?? 0,
    nextCursor: rows.length > limit && last ? cursorOf(last) : null,
  }
}

function cursorOf(row: ProposalRow): string {
  const at = row.status === 'open' ? row.createdAt : (row.decidedAt ?? row.createdAt)
  return `${row.flags.length}_${at.getTime()}_${row.id}`
}

function afterCursor(cursor: string, open: boolean, flags: SQL<number>): SQL | undefined {
  const [, raised, time, id] = /^(\d{1,2})_(\d{1,16})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!raised || !time || !id) {
    throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  }
  const at = new Date(Number(time))
  const last = id as ProposalId
  if (!open) {
    return or(lt(proposal.decidedAt, at), and(eq(proposal.decidedAt, at), lt(proposal.id, last)))
  }
  const n = Number(raised)
  return or(
    gt(flags, n),
    and(eq(flags, n), or(gt(proposal.createdAt, at), and(eq(proposal.createdAt, at), gt(proposal.id, last)))),
  )
}
