// Branded identifiers: one kind of id cannot be passed where another is expected.
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'

export const memoryId = z.uuid().brand<'MemoryId'>()
export const conversationId = z.uuid().brand<'ConversationId'>()
export const messageId = z.uuid().brand<'MessageId'>()
export const batchId = z.uuid().brand<'BatchId'>()
export const jobId = z.uuid().brand<'JobId'>()
export const proposalId = z.uuid().brand<'ProposalId'>()
export const evidenceId = z.uuid().brand<'EvidenceId'>()
export const entityId = z.uuid().brand<'EntityId'>()
export const passageId = z.uuid().brand<'PassageId'>()
export const documentId = z.uuid().brand<'DocumentId'>()
export const projectId = z.uuid().brand<'ProjectId'>()
export const blankedId = z.uuid().brand<'BlankedId'>()
export const importId = z.uuid().brand<'ImportId'>()
export const exportId = z.uuid().brand<'ExportId'>()

export type MemoryId = z.infer<typeof memoryId>
export type ConversationId = z.infer<typeof conversationId>
export type MessageId = z.infer<typeof messageId>
export type BatchId = z.infer<typeof batchId>
export type JobId = z.infer<typeof jobId>
export type ProposalId = z.infer<typeof proposalId>
export type EvidenceId = z.infer<typeof evidenceId>
export type EntityId = z.infer<typeof entityId>
export type PassageId = z.infer<typeof passageId>
export type DocumentId = z.infer<typeof documentId>
export type ProjectId = z.infer<typeof projectId>
export type BlankedId = z.infer<typeof blankedId>
export type ImportId = z.infer<typeof importId>
export type ExportId = z.infer<typeof exportId>

/** A fresh time-ordered id (UUID v7); the type argument says of which kind. */
export function newId<Id extends string>(): Id {
  return uuidv7() as Id
}
