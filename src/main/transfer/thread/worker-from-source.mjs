// Runs the worker from its TypeScript source, for development and tests: a flag does not hook tsx into a thread.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
