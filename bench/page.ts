// The built page in a Chromium, with a core behind it.
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { ensureChromium } from '../scripts/lib/chromium.mjs'
import type { Core } from '../src/main/app/core.ts'
import { createLog } from '../src/main/app/log.ts'
import { startBrowserServer } from '../src/main/browser/server.ts'
import { readPageFiles } from '../src/main/shell/page-files.ts'

/**
 * @param chat procedures of the chat that answer in place of the core's
 * @returns what the work returns
 */
export async function withPage<T>(
  core: Core,
  chat: Partial<Core['router']['chat']>,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] })
  try {
    const running = {
      router: { ...core.router, chat: { ...core.router.chat, ...chat } },
      caller: () => core.caller(),
      answering: () => false,
      close: async () => {},
    }
    const files = await readPageFiles(join(import.meta.dirname, '..', 'out', 'renderer'))
    const server = await startBrowserServer({ files, core: Promise.resolve(running), port: 0, log: createLog(null) })
    try {
      const page = await browser.newPage()
      await page.goto(server.address)
      return await work(page)
    } finally {
      await server.close()
    }
  } finally {
    await browser.close()
  }
}
