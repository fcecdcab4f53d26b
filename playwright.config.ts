// Journeys in a real Chromium through the browser shell, two at a time: each starts a whole app of its own, and waits much.
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'
import { usualPlaces } from './scripts/lib/chromium.mjs'

// `npm test` names the one it found or installed.
const chromium = process.env['CHROMIUM_PATH'] ?? usualPlaces(process.platform, process.env).find(existsSync)

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/journeys',
  workers: 2,
  // A second try tells what is broken from what was late on a busy machine; `npm test` names each that needed one.
  retries: 1,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ? [['list'], ['json']] : [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: chromium ? { executablePath: chromium } : {},
    viewport: { width: 1280, height: 820 },
    locale: 'en-GB',
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    // To keep one takes a sixth of a journey's time; `npx playwright test --trace on FILE` shows what went on in one.
    trace: 'off',
  },
  projects: [
    { name: 'chromium', testIgnore: ['real/**', 'gallery.spec.ts'] },
    // Pictures for whoever looks: `npx playwright test --project=gallery`. Nothing is compared.
    { name: 'gallery', testMatch: 'gallery.spec.ts' },
    // On the real starter model: slow, and run by `npm run test:real`.
    { name: 'real', testMatch: 'real/**/*.spec.ts', timeout: 600_000, expect: { timeout: 120_000 } },
  ],
})
