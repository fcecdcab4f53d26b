// Projects: chats that belong together. What the person wants of every answer in one is part of each of its prompts.
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { AppError } from '../../shared/errors.ts'
import type { ProjectId } from '../../shared/ids.ts'
import type { ProjectView } from '../../shared/projects.ts'
import type { Clock } from '../app/clock.ts'
import type { Database, ReadHandle } from '../database/database.ts'
import { type conversation, project } from '../database/schema.ts'

/** What is not named stays as it is. */
export interface ProjectChange {
  id: ProjectId
  name?: string | undefined
  instructions?: string | undefined
}

export interface Projects {
  list(owner: string): Promise<ProjectView[]>
  /** The same id twice is one project. */
  create(owner: string, input: { id: ProjectId; name: string; instructions?: string | undefined }): Promise<ProjectView>
  /** @throws AppError NOT_FOUND */
  change(owner: string, input: ProjectChange): Promise<ProjectView>
  /** @throws AppError NOT_FOUND */
  trash(owner: string, id: ProjectId): Promise<void>
  /** @throws AppError NOT_FOUND */
  restore(owner: string, id: ProjectId): Promise<ProjectView>
}

const VIEWED = {
  id: project.id,
  name: project.name,
  instructions: project.instructions,
  createdAt: project.createdAt,
  conversations: sql<number>`(select count(*)::integer from conversation inside
    where inside.project_id = project.id and inside.trashed_at is null)`,
}

/** @param changed what a project shows, or which chats are in one, is another now */
export function createProjects({ db, clock }: { db: Database; clock: Clock }, changed: () => void): Projects {
  const mine = (owner: string, id: ProjectId) => and(eq(project.id, id), eq(project.owner, owner))

  async function need(owner: string, id: ProjectId): Promise<ProjectView> {
    const [found] = await db.read.select(VIEWED).from(project).where(mine(owner, id))
    if (!found) throw new AppError('NOT_FOUND', 'This project does not exist any more. Its chats are in the list.')
    return found
  }

  async function update(owner: string, id: ProjectId, values: Partial<typeof project.$inferInsert>) {
    await db.write('project.change', (tx) =>
      tx
        .update(project)
        .set({ ...values, updatedAt: clock.now() })
        .where(mine(owner, id)),
    )
    changed()
    return need(owner, id)
  }

  return {
    list: (owner) =>
      db.read
        .select(VIEWED)
        .from(project)
        .where(and(eq(project.owner, owner), isNull(project.trashedAt)))
        .orderBy(asc(sql`lower(${project.name})`), asc(project.id)),

    async create(owner, { id, name, instructions = '' }) {
      const at = clock.now()
      await db.write('project.create', (tx) =>
        tx
          .insert(project)
          .values({ id, owner, name, instructions, createdAt: at, updatedAt: at })
          .onConflictDoNothing(),
      )
      changed()
      return need(owner, id)
    },

    async change(owner, { id, name, instructions }) {
      return update(owner, id, {
        ...(name === undefined ? {} : { name }),
        ...(instructions === undefined ? {} : { instructions }),
      })
    },

    async trash(owner, id) {
      await update(owner, id, { trashedAt: clock.now() })
    },

    restore: (owner, id) => update(owner, id, { trashedAt: null }),
  }
}

/** What the person wants of every answer in this conversation. */
export async function wishesFor(
  db: ReadHandle,
  { owner, projectId }: Pick<typeof conversation.$inferSelect, 'owner' | 'projectId'>,
): Promise<string[]> {
  if (projectId === null) return []
  const rows = await db
    .select({ instructions: project.instructions })
    .from(project)
    .where(and(eq(project.id, projectId), eq(project.owner, owner), isNull(project.trashedAt)))
  return rows.map(({ instructions }) => instructions).filter((text) => text !== '')
}
