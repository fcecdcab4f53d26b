// From `npm start` (built, installed, profile there) to a composer that takes input, in a Chromium that already runs.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { ensureChromium } from '../scripts/lib/chromium.mjs'
import { percentile, type Results } from './result.ts'

const RUNS = 6

export async function measureStart(): Promise<Results> {
  const profile = mkdtempSync(join(tmpdir(), 'understudy-bench-start-'))
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] })
  const samples: number[] = []
  try {
    for (let run = 0; run <= RUNS; run++) {
      const page = await (await browser.newContext()).newPage()
      const begin = performance.now()
      const app = spawn('npm', ['start', '--', '--shell', 'browser', '--no-open', '--profile', join(profile, 'p')], {
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      })
      const address = await new Promise<string>((found, failed) => {
        createInterface({ input: app.stdout }).on('line', (line) => {
          const match = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line)
          if (match) found(match[0])
        })
        app.once('exit', () => failed(new Error('the app ended before it printed its address')))
      })
      await page.goto(address)
      await page.getByRole('textbox', { name: /message/i }).fill('Hello')
      // The first start makes the profile; the figure is of those after it.
      if (run > 0) samples.push(performance.now() - begin)
      await page.context().close()
      // `close`, not `exit`: npm ends before the app it started has let go of the profile.
      const ended = new Promise((done) => app.once('close', done))
      if (app.pid) process.kill(-app.pid, 'SIGTERM')
      await ended
    }
  } finally {
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return {
    'start-to-composer': {
      value: percentile(samples, 0.5),
      unit: 'ms',
      detail: { worst: Math.max(...samples), runs: RUNS },
    },
  }
}
