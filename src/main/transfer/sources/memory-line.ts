// A memory that another assistant kept, as a suggestion: its words are the file's, whoever they speak of.
import { idFrom } from './ids.ts'
import type { Place, SourceEvent, SourceFormat } from './source.ts'

/** Longest memory, in characters. */
export const MEMORY_MAX = 1000

export interface ForeignMemory {
  format: SourceFormat
  /** The source's own id, or the words where it has none. */
  id: string
  text: string
  /** When it was noted; null: it does not say. */
  at: Date | null
  projectId?: string | null
  place: Place
}

/** @param now stands for the time of what nobody dated */
export function memoryLine({ format, id, text, at, projectId, place }: ForeignMemory, now: Date): SourceEvent {
  if (text.length > MEMORY_MAX) {
    const reason = `It is longer than the ${MEMORY_MAX} characters of one memory.`
    return { type: 'refused', kind: 'memory', place, reason }
  }
  const memoryId = idFrom(format, 'memory', id)
  const time = (at ?? now).toISOString()
  return {
    type: 'row',
    kind: 'memory',
    place,
    row: {
      id: memoryId,
      version: 1,
      store: 'user_memory',
      namespace: 'user',
      project_id: projectId ?? null,
      conversation_id: null,
      kind: 'fact',
      subject_id: null,
      object_id: null,
      text,
      data: {},
      status: 'proposed',
      confidence: 1,
      pinned: false,
      local_only: false,
      valid_from: at === null ? null : time,
      valid_to: null,
      superseded_by: null,
      author: 'import',
      extractor: null,
      created_at: time,
      updated_at: time,
      last_used_at: null,
      use_count: 0,
      evidence: [
        {
          id: idFrom(format, 'evidence', id),
          origin: 'import',
          conversation_id: null,
          message_id: null,
          document_id: null,
          quote: text,
          start: null,
          end: null,
          at: time,
        },
      ],
    },
  }
}
