// A download outlives the app: killed in the middle, the next start goes on from the last byte and loads the model.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startChild } from '../database/fixtures/child.ts'
import { testTemplate } from '../database/testing.ts'
import { aModel, aServer, serve } from '../engine/models/testing/fixtures.ts'
import { scriptedModel } from '../engine/testing/models.ts'

vi.setConfig({ testTimeout: 120_000 })

it('goes on by itself after kill -9, and the model is loaded as was asked', async () => {
  await testTemplate()
  const folder = mkdtempSync(join(tmpdir(), 'understudy-killed-download-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const whole = join(folder, 'whole.gguf')
  scriptedModel(whole, 'Very well.')
  const bytes = readFileSync(whole)
  const half = Math.floor(bytes.length / 2)
  const { url, requests } = await aServer((request, response, count) => {
    if (count > 1) return serve(bytes, request, response)
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, half))
  })
  mkdirSync(join(folder, 'resources', 'models'), { recursive: true })
  const catalogue = { version: 1, models: [aModel(bytes, { url })] }
  writeFileSync(join(folder, 'resources', 'models.json'), JSON.stringify(catalogue))

  const program = join(import.meta.dirname, 'fixtures', 'download.ts')
  const first = startChild(program, [folder, 'test-model'])
  onTestFinished(() => first.kill())
  await first.line((line) => line === `received ${half}`)
  await first.kill()

  const second = startChild(program, [folder])
  onTestFinished(() => second.kill())
  await second.line((line) => line === 'ready')
  expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, `bytes=${half}-`])
  expect(await second.ended(), second.errors()).toBe(0)
  expect(readFileSync(join(folder, 'models', 'test-model.gguf')).equals(bytes)).toBe(true)
})
