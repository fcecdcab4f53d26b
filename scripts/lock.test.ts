// The lock file must install on every system Understudy runs on, wherever it was written.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completeLock, type Lock, missingOptionalPackages, platformOf } from './complete-lock.mjs'

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as Lock
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const systems = ['darwin-arm64', 'darwin-x64', 'win32-x64', 'win32-arm64', 'linux-x64', 'linux-arm64'] as const
type System = (typeof systems)[number]

/** Name of the platform package of each part with native code, by system. */
const parts: Record<string, (system: System) => string> = {
  'chat engine': (system) =>
    `@node-llama-cpp/${system.replace('darwin-arm64', 'mac-arm64-metal').replace('darwin', 'mac').replace('win32', 'win')}`,
  biome: (system) => `@biomejs/cli-${system}`,
  typescript: (system) => `@typescript/typescript-${system}`,
  esbuild: (system) => `@esbuild/${system}`,
  rolldown: (system) => `@rolldown/binding-${withAbi(system)}`,
  'tailwind oxide': (system) => `@tailwindcss/oxide-${withAbi(system)}`,
  lightningcss: (system) => `lightningcss-${withAbi(system)}`,
  'oxc-parser': (system) => `@oxc-parser/binding-${withAbi(system)}`,
  'oxc-resolver': (system) => `@oxc-resolver/binding-${withAbi(system)}`,
}

const withAbi = (system: System) =>
  system.startsWith('win32') ? `${system}-msvc` : system.startsWith('linux') ? `${system}-gnu` : system

test.each(Object.entries(parts))('%s is locked for every system', (_part, nameOf) => {
  const locked = systems.filter((system) => lock.packages[`node_modules/${nameOf(system)}`] !== undefined)
  expect(locked).toEqual([...systems])
})

test('each platform package says for which system it is, and no other system installs it', () => {
  for (const nameOf of Object.values(parts)) {
    for (const system of systems) {
      const [os, cpu] = system.split('-')
      const locked = lock.packages[`node_modules/${nameOf(system)}`]
      expect(locked?.os).toEqual([os])
      expect(locked?.cpu).toContain(cpu)
      expect(locked?.optional).toBe(true)
    }
  }
})

test('the chat engine and its platform packages have one version', () => {
  const versions = Object.entries(lock.packages)
    .filter(([path]) => path.startsWith('node_modules/@node-llama-cpp/'))
    .map(([, { version }]) => version)
  expect(new Set(versions)).toEqual(new Set([manifest.dependencies['node-llama-cpp']]))
})

// Entries without a checksum were not offered by the registry the lock file was written against: their content is
// not pinned and they were never installed here. docs/platforms.md lists them; keep the two together.
test('what could not be verified is named in docs/platforms.md', () => {
  const unverified = Object.entries(lock.packages)
    .filter(([path, { integrity }]) => path !== '' && integrity === undefined)
    .map(([path, { version }]) => `${path.slice('node_modules/'.length)}@${version}`)
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'platforms.md'), 'utf8')
  const listed = [...page.matchAll(/^- `(?<name>[^`]+)`$/gm)].map((match) => match.groups?.['name'])
  expect(listed.sort()).toEqual(unverified.sort())
})

test('no optional package is left out: npm ci would call the lock file out of sync', () => {
  expect(missingOptionalPackages(lock).map(({ name }) => name)).toEqual([])
  expect(completeLock(lock).lock).toEqual(lock)
})

test('no package may run a script when it is installed', () => {
  const { allowScripts } = manifest as unknown as { allowScripts: Record<string, boolean> }
  const withScript = Object.entries(lock.packages)
    .filter(([, entry]) => (entry as { hasInstallScript?: boolean }).hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1) ?? '')
  expect(Object.fromEntries([...new Set(withScript)].sort().map((name) => [name, false]))).toEqual(allowScripts)
})

test('every version in package.json is exact', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
})

test.each([
  ['@scope/mac-arm64-metal', { cpu: ['arm64'], os: ['darwin'] }],
  ['@scope/win-x64-cuda-ext', { cpu: ['x64'], os: ['win32'] }],
  ['@scope/binding-linux-arm64-musl', { cpu: ['arm64'], libc: ['musl'], os: ['linux'] }],
  ['@scope/binding-linux-arm-gnueabihf', { cpu: ['arm'], libc: ['glibc'], os: ['linux'] }],
  ['name-android-x64', { cpu: ['x64'], os: ['android'] }],
  ['@scope/oxide-wasm32-wasi', { cpu: ['wasm32'] }],
  ['fsevents', null],
  ['@scope/constructor', null],
])('the name %s says the platform', (name, platform) => {
  expect(platformOf(name)).toEqual(platform)
})

test('a lock file that lacks a platform gets it, of its parent’s version and kind', () => {
  const part = { version: '1.0.0', dev: true, optionalDependencies: { '@a/darwin-x64': '1.0.0', '@a/any': '1.0.0' } }
  const { lock: completed, left } = completeLock({ packages: { '': {}, 'node_modules/a': part } })
  expect(completed.packages['node_modules/@a/darwin-x64']).toEqual({
    version: '1.0.0',
    dev: true,
    optional: true,
    cpu: ['x64'],
    os: ['darwin'],
  })
  expect(left).toEqual(['@a/any@1.0.0'])
})

test('a package that lies beside its parent or further up is not missing', () => {
  const part = { optionalDependencies: { '@a/darwin-x64': '1.0.0' } }
  const nested = { 'node_modules/b/node_modules/a': part, 'node_modules/b/node_modules/@a/darwin-x64': {} }
  expect(missingOptionalPackages({ packages: nested })).toEqual([])
  expect(missingOptionalPackages({ packages: { 'node_modules/b/node_modules/a': part } })).toHaveLength(1)
})
