import { expect, it } from 'vitest'
import type { DownloadState, ModelView } from '../../../shared/models.ts'
import { putForward } from './recommended.ts'

function aModel(id: string, part: Partial<ModelView> = {}): ModelView {
  return {
    id,
    name: id,
    kind: 'chat',
    quant: 'Q4',
    licence: 'Apache-2.0',
    bytes: 1,
    leastMemoryBytes: 1,
    role: null,
    fit: 'fits',
    path: null,
    bundled: false,
    active: false,
    recommended: false,
    starter: false,
    address: null,
    ...part,
  }
}

const large = aModel('large', { recommended: true })
const starter = aModel('starter', { starter: true })
const other = aModel('other')
const embedder = aModel('embedder', { kind: 'embedding' })
const models = [embedder, other, large, starter]

function failed(offer?: string): DownloadState {
  return {
    modelId: 'large',
    state: 'failed',
    source: 'x',
    receivedBytes: 0,
    totalBytes: null,
    bytesPerSecond: null,
    error: 'no',
    offer,
  }
}

it('puts the recommended model forward, and beside it what the core offers once one cannot be had', () => {
  expect(putForward(models, [])).toEqual({ first: large, instead: null })
  expect(putForward(models, [failed()])).toEqual({ first: large, instead: null })
  expect(putForward(models, [failed('starter')])).toEqual({ first: large, instead: starter })
})

it('never offers what just failed, nor a model that cannot chat', () => {
  expect(putForward(models, [failed('starter'), { ...failed(), modelId: 'starter' }])).toMatchObject({ instead: null })
  expect(putForward([embedder], [])).toEqual({ first: null, instead: null })
})
