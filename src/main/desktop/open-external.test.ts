import { expect, test } from 'vitest'
import { openExternal } from './open-external.ts'

function anOutside(answer: boolean) {
  const asked: { message: string; detail: string }[] = []
  const opened: string[] = []
  return {
    asked,
    opened,
    confirm: async (question: { message: string; detail: string }) => {
      asked.push(question)
      return answer
    },
    open: async (address: string) => {
      opened.push(address)
    },
  }
}

test('E8: opens what the person confirmed, having seen the whole address', async () => {
  const outside = anOutside(true)
  await openExternal('https://example.com/a?b=c', outside)
  expect(outside.asked[0]?.detail).toBe('https://example.com/a?b=c')
  expect(outside.opened).toEqual(['https://example.com/a?b=c'])
})

test('E8: opens nothing without a yes', async () => {
  const outside = anOutside(false)
  await openExternal('mailto:a@example.com', outside)
  expect(outside.opened).toEqual([])
})

test('E8: a look-alike host is shown as what it is, with a warning', async () => {
  const outside = anOutside(false)
  await openExternal('https://аpple.com/', outside)
  expect(outside.asked[0]?.detail).toMatch(/^https:\/\/xn--pple-43d\.com\/\n\nThe name of this site/)
})

test.each([
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://a/b',
  'ms-msdt:/id',
  '\\\\server\\share',
  'http://a.b/',
])('E8: %s is not even asked about', async (address) => {
  const outside = anOutside(true)
  await expect(openExternal(address, outside)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  expect([outside.asked, outside.opened]).toEqual([[], []])
})
