// Tests that kill processes, fill disks, damage files and fuzz archives: each starts many processes or databases. Run by
// `npm run test:faults`, and by `.ci/run`.
import { defineConfig } from 'vitest/config'
import usual from './vitest.config.ts'

export default defineConfig({
  test: {
    ...usual.test,
    include: ['src/**/*.faults.test.ts', 'soak/**/*.faults.test.ts'],
    exclude: ['node_modules/**'],
  },
})
