// Build step: makes the template of a first cluster, at the path given or beside the bundle in `out`.
import { resolve } from 'node:path'
import { systemClock } from '../app/clock.ts'
import { readMigrations } from './migrations.ts'
import { makeTemplate } from './template.ts'

await makeTemplate(resolve(process.argv[2] ?? 'out/pgdata-template'), readMigrations(), systemClock.now())
