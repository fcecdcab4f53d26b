import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { openMemoryDatabase } from './open-memory.ts'
import { conversation } from './schema.ts'

it('is a whole database of its own, gone when it is closed', async () => {
  const open = () => openMemoryDatabase({ clock: systemClock, log: createLog(null) })
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('understudy-empty-'))
  const [one, other] = await Promise.all([open(), open()])
  const id = newId<ConversationId>()
  const at = new Date()
  const head = newId<MessageId>()
  await one.write('test', (tx) =>
    tx
      .insert(conversation)
      .values({ id, owner: 'me', title: 'Quiet', mode: 'incognito', headId: head, createdAt: at, updatedAt: at }),
  )
  expect(await one.read.select({ title: conversation.title }).from(conversation)).toEqual([{ title: 'Quiet' }])
  expect(await other.read.select().from(conversation).where(eq(conversation.id, id))).toEqual([])
  await expect(one.backup('/nowhere')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await Promise.all([one.close(), other.close()])
  await expect(one.read.select().from(conversation)).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('understudy-empty-'))).toEqual(before)
})
