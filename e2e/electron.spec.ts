// The desktop shell, where Electron's binary is. The only journey that may skip.
import { _electron } from '@playwright/test'
import { electronBinary } from '../scripts/lib/electron.mjs'
import { expect, test } from './app.ts'

const binary = electronBinary()

test('the desktop shell opens its window on the same page, sandboxed', async ({ folder }) => {
  // biome-ignore lint/suspicious/noSkippedTests: the one journey that may skip; scripts/lib/results.mjs counts it.
  test.skip(binary === null, 'Electron’s binary is not there (npm run setup tries to fetch it)')
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  const electron = await _electron.launch({
    executablePath: binary ?? '',
    args: ['.', `--profile=${folder}/profile`, ...(asRoot ? ['--no-sandbox'] : [])],
    env: { ...process.env, XDG_DATA_HOME: `${folder}/data` } as Record<string, string>,
  })
  try {
    const window = await electron.firstWindow()
    await expect(window).toHaveTitle(/Understudy/)
    expect(window.url()).toMatch(/^app:\/\/bundle\//)
    expect(await window.evaluate('Object.keys(window.understudy)')).toEqual(['connect'])
    expect(await window.evaluate(() => 'require' in window || 'process' in window)).toBe(false)
    await expect(window.getByRole('textbox').first()).toBeVisible()
  } finally {
    await electron.close()
  }
})
