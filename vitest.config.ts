import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'src/**/*.test.tsx',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
      'eval/**/*.test.ts',
      'soak/**/*.test.ts',
    ],
    // Of vitest.faults.config.ts.
    exclude: ['node_modules/**', '**/*.faults.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: engine and database each bring a process or thread of their own.
    maxWorkers: 2,
    // Files share a process, and with it the modules and Postgres as compiled code: each loads in a tenth of the time.
    isolate: false,
  },
})
