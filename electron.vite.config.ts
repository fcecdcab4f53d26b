// Builds all parts: out/main (both shells, worker, engine process), out/preload, out/renderer.
import { cpSync } from 'node:fs'
import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

// The browser shell runs on the oldest supported node; Electron brings a newer one.
const target = 'node20.19'
const at = (path: string) => resolve(import.meta.dirname, path)

/** Migrations are read from disk at run time, beside the bundle. */
const copyMigrations: Plugin = {
  name: 'understudy:copy-migrations',
  apply: 'build',
  closeBundle() {
    cpSync(at('src/main/database/migrations'), at('out/main/migrations'), { recursive: true })
  },
}

/** KaTeX names each font in three formats; every window we run in reads the first. */
const oneFontFormat: Plugin = {
  name: 'understudy:one-font-format',
  enforce: 'pre',
  transform(code, id) {
    if (!/katex(\.min)?\.css$/.test(id)) return
    return code.replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, '')
  },
}

export default defineConfig({
  main: {
    plugins: [copyMigrations],
    build: {
      target,
      sourcemap: true,
      rolldownOptions: {
        input: {
          desktop: at('src/main/desktop/main.ts'),
          browser: at('src/main/browser/main.ts'),
          // Names of src/main/app/entries.ts.
          'database-worker': at('src/main/database/worker.ts'),
          'reading-worker': at('src/main/attachments/reading/worker.ts'),
          'transfer-worker': at('src/main/transfer/thread/worker.ts'),
          'engine-process': at('src/main/engine/process.ts'),
          'make-template': at('src/main/database/make-template.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      target,
      // A sandboxed preload script is one CommonJS file that requires nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('src/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [oneFontFormat, react(), tailwindcss()],
    // Their browser builds read entities such as &amp;, and the markup of formulas, through innerHTML and the browser's
    // parser, which the content policy refuses.
    resolve: {
      alias: {
        'decode-named-character-reference': at('node_modules/decode-named-character-reference/index.js'),
        'hast-util-from-html-isomorphic': at('node_modules/hast-util-from-html-isomorphic/index.js'),
      },
    },
    worker: { format: 'es' },
    build: {
      target: 'chrome140',
      // Everything is one local bundle: no preloading code, no data: addresses for fonts and scripts (CSP).
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      // A third of the size: less to read before the composer takes input.
      minify: true,
      rolldownOptions: {
        input: at('src/renderer/index.html'),
        output: {
          // Zod and what keeps it from compiling code are one file: whichever part is read first, both come before it.
          codeSplitting: {
            groups: [{ name: 'checks', test: /[\\/]node_modules[\\/]zod[\\/]|[\\/]app[\\/]no-eval\.ts$/ }],
          },
        },
      },
    },
  },
})
