// What a due day means today.
import { dayField } from '../../../app/format.ts'

export type Urgency = 'overdue' | 'today' | 'tomorrow' | null

/** @param due YYYY-MM-DD; null: none */
export function urgencyOf(due: string | null, now: Date): Urgency {
  if (due === null) return null
  const today = dayField(now)
  if (due < today) return 'overdue'
  if (due === today) return 'today'
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  return due === dayField(tomorrow) ? 'tomorrow' : null
}
