// Who may see a row that was learned: the one filter that every read of memories and entities for a prompt, a search or a
// comparison passes.
import { type SQL, sql } from 'drizzle-orm'
import type { ConversationId } from '../../shared/ids.ts'
import type { Namespace } from '../../shared/memory.ts'

/** Who looks, and from where. */
export interface Viewer {
  owner: string
  /** What others share with them: the namespaces of their teams, and `global`. Empty: their own rows alone. */
  shared: readonly Namespace[]
  /**
   * Where they are. Rows narrowed to another project, or to a conversation that is neither this one nor of the same
   * project, are not seen from here; without a place all of one's own are, as in a list of everything.
   */
  place?: { projectId: string | null; conversationId: ConversationId | null }
}

/** One's own rows and nobody else's, wherever they are narrowed to. */
export function onlyOwn(owner: string): Viewer {
  return { owner, shared: [] }
}

/**
 * The condition on a row of `memory`: one's own, or one that somebody shares and that holds now or held once. What waits
 * for somebody else's decision, lies in their bin or is kept on their computer is nobody else's to see.
 * @param row the table or its alias in the query
 */
export function isVisible({ owner, shared, place }: Viewer, row: SQL): SQL {
  const seen = [sql`${row}.owner = ${owner}`]
  if (shared.length > 0) {
    seen.push(sql`(${row}.namespace = any(${sql.param(shared)}::text[]) and not ${row}.local_only
      and ${row}.status in ('active', 'superseded'))`)
  }
  const visible = sql`(${sql.join(seen, sql` or `)})`
  if (!place) return visible
  return sql`(${visible} and (${row}.project_id is null or ${row}.project_id = ${place.projectId}::uuid)
    and (${row}.conversation_id is null or ${row}.conversation_id = ${place.conversationId}::uuid${ofProject(owner, row, place.projectId)}))`
}

/** Conversations of one project see what is narrowed to any of them. */
function ofProject(owner: string, row: SQL, projectId: string | null): SQL {
  if (projectId === null) return sql``
  return sql` or ${row}.conversation_id in (select inside.id from conversation inside
    where inside.project_id = ${projectId}::uuid and inside.owner = ${owner} and inside.trashed_at is null)`
}

/** Whose vectors are searched together (`embedding.owner`): a person's own, or those of a shared namespace. */
export function spaceOf(row: { owner: string; namespace: string }): string {
  return row.namespace === 'user' ? row.owner : row.namespace
}

/** The spaces a viewer's search by meaning looks in. */
export function spacesOf({ owner, shared }: Viewer): string[] {
  return [owner, ...shared]
}
