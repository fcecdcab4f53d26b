import { expect, it } from 'vitest'
import { type BatchId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { LearnedChange } from '../../../shared/memory.ts'
import { viewLearned } from './learned.ts'

const batch = newId<BatchId>()

function aChange(part: Partial<LearnedChange> = {}): LearnedChange {
  return {
    memoryId: newId<MemoryId>(),
    batchId: batch,
    store: 'user_memory',
    action: 'add',
    text: 'Travels by train',
    replaced: null,
    undone: false,
    ...part,
  }
}

it('shows what was remembered, not what was only said again or linked', () => {
  const kept = [aChange(), aChange({ action: 'supersede', replaced: 'Travels by plane' })]
  expect(viewLearned([...kept, aChange({ action: 'confirm' }), aChange({ action: 'link' })]).lines).toEqual(kept)
})

it('folds more than three lines', () => {
  expect(viewLearned([aChange(), aChange(), aChange()]).folded).toBe(false)
  expect(viewLearned([aChange(), aChange(), aChange(), aChange()]).folded).toBe(true)
})

it('names each batch that can still be undone once', () => {
  const other = newId<BatchId>()
  const changes = [aChange(), aChange(), aChange({ batchId: other, undone: true })]
  expect(viewLearned(changes).batches).toEqual([batch])
  expect(viewLearned([aChange({ text: null })]).batches).toEqual([])
})
