// Entry of `npm run learn`.
import { runLearnCommand } from './learn.ts'

process.exitCode = await runLearnCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
})
