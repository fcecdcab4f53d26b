// What a dry run found, by what would become of it.
import type { ImportReport, ImportView } from '../../../shared/imports.ts'
import type { KindCounts } from '../data/kind-words.ts'

export const VERDICTS = ['new', 'changed', 'conflicting', 'refused', 'same'] as const
export type Verdict = (typeof VERDICTS)[number]

/** How many of each kind have this verdict. */
export function countsOf({ counts }: ImportReport, verdict: Verdict): KindCounts {
  return Object.fromEntries(Object.entries(counts).map(([kind, by]) => [kind, by[verdict]]))
}

/** All kinds together; of what was refused also what could not even be told what it is. */
export function totalOf(report: ImportReport, verdict: Verdict): number {
  const sum = Object.values(countsOf(report, verdict)).reduce((all, n) => all + n, 0)
  return verdict === 'refused' ? sum + report.unreadable : sum
}

/** Whether it holds chats of elsewhere that could be learned from. Of an archive its memories are there already. */
export function canLearnFrom({ format, report }: Pick<ImportView, 'format' | 'report'>): boolean {
  return (format === 'chatgpt' || format === 'claude') && (report?.learnable ?? 0) > 0
}
