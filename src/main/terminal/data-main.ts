// Entry of `npm run data`.
import { runDataCommand } from './data.ts'

process.exitCode = await runDataCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
})
