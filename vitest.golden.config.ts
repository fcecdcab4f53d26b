// Tests on the real starter model, run by `npm run test:real`.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['eval/golden/*.golden.ts'], testTimeout: 600_000, maxWorkers: 1 },
})
