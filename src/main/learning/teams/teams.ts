// Which teams a person belongs to on this machine, and so what of others they may see.
import { and, asc, eq, inArray } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { type Namespace, namespace as namespaceOf } from '../../../shared/memory.ts'
import type { Clock } from '../../app/clock.ts'
import type { Database, ReadHandle } from '../../database/database.ts'
import { teamMember } from '../../database/schema.ts'
import type { Viewer } from '../../database/visible.ts'

export interface Membership {
  namespace: Namespace
  /** What the team knows the person as. */
  name: string
}

export interface Teams {
  /**
   * From now on the person sees what the team shares, and may share with it.
   * @param namespace `team:<id>`
   * @param name what the team knows them as
   * @throws AppError INVALID_INPUT naming the field
   */
  join(owner: string, namespace: Namespace, name: string): Promise<void>
  /** What they shared stays with the team; the rest of it is not seen any more. */
  leave(owner: string, namespace: Namespace): Promise<void>
  of(owner: string): Promise<Membership[]>
}

/** Shared with everyone on this machine. */
export const EVERYONE: Namespace = 'global'
const LONGEST_NAME = 80

export function createTeams({ db, clock }: { db: Database; clock: Clock }): Teams {
  return {
    async join(owner, namespace, name) {
      const team = teamOf(namespace)
      const known = name.trim()
      if (known === '' || known.length > LONGEST_NAME) {
        throw new AppError('INVALID_INPUT', `A name in a team has 1 to ${LONGEST_NAME} letters.`, { field: 'name' })
      }
      await db.write('team.join', (tx) =>
        tx
          .insert(teamMember)
          .values({ team, owner, name: known, joinedAt: clock.now() })
          .onConflictDoUpdate({ target: [teamMember.team, teamMember.owner], set: { name: known } }),
      )
    },
    async leave(owner, namespace) {
      const mine = and(eq(teamMember.team, teamOf(namespace)), eq(teamMember.owner, owner))
      await db.write('team.leave', (tx) => tx.delete(teamMember).where(mine))
    },
    of: (owner) => membershipsOf(db.read, owner),
  }
}

/** What a person may see from a place: their own, their teams', and everyone's. */
export async function readViewer(
  db: ReadHandle,
  owner: string,
  place: { projectId?: string | null | undefined; conversationId: ConversationId | null },
): Promise<Viewer> {
  const teams = await membershipsOf(db, owner)
  return {
    owner,
    shared: [...teams.map(({ namespace }) => namespace), EVERYONE],
    place: { projectId: place.projectId ?? null, conversationId: place.conversationId },
  }
}

/** Names of the people who share something, as their team knows them. */
export async function namesOf(db: ReadHandle, owners: readonly string[]): Promise<Map<string, string>> {
  if (owners.length === 0) return new Map()
  const rows = await db
    .select({ owner: teamMember.owner, name: teamMember.name })
    .from(teamMember)
    .where(inArray(teamMember.owner, [...new Set(owners)]))
    .orderBy(asc(teamMember.joinedAt))
  return new Map(rows.map(({ owner, name }) => [owner, name]))
}

export async function membershipsOf(db: ReadHandle, owner: string): Promise<Membership[]> {
  const rows = await db
    .select()
    .from(teamMember)
    .where(eq(teamMember.owner, owner))
    .orderBy(asc(teamMember.joinedAt), asc(teamMember.team))
  return rows.map(({ team, name }) => ({ namespace: `team:${team}`, name }))
}

function teamOf(namespace: Namespace): string {
  const parsed = namespaceOf.safeParse(namespace)
  if (!parsed.success || !namespace.startsWith('team:')) {
    throw new AppError('INVALID_INPUT', 'A team is named "team:" and letters, digits, "-" or "_".', {
      field: 'namespace',
    })
  }
  return namespace.slice('team:'.length)
}
