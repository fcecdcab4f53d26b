import { expect, it } from 'vitest'
import type { ProjectId } from '../../../shared/ids.ts'
import { selectionOf, WHOLE } from './export-draft.ts'

it('narrows nothing while everything is chosen, whatever the fields of a part hold', () => {
  expect(selectionOf({ ...WHOLE, from: '2026-01-01', stores: ['todos'] })).toEqual({ conversations: true })
})

it('takes both days named, from the start of the one to the end of the other', () => {
  const part = selectionOf({ ...WHOLE, whole: false, from: '2026-03-01', to: '2026-03-31' })
  expect(part).toEqual({ conversations: true, from: new Date(2026, 2, 1), to: new Date(2026, 3, 1) })
})

it('names only what was chosen', () => {
  const project = '0198a1b2-0000-7000-8000-000000000001' as ProjectId
  const draft = { ...WHOLE, whole: false, conversations: false, stores: ['todos' as const], project }
  expect(selectionOf(draft)).toEqual({ conversations: false, stores: ['todos'], projectId: project })
})
