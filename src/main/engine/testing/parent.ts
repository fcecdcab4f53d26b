// Loads a model, tells the pid of the engine's process and then waits to be killed.
import { createLog } from '../../app/log.ts'
import { createChildLauncher } from '../child-launcher.ts'
import { createEngine } from '../client.ts'

const [model = '', embedderFile = ''] = process.argv.slice(2)
const inner = createChildLauncher()
let pid: number | undefined
const engine = createEngine({
  launcher: {
    launch() {
      const started = inner.launch()
      pid = started.pid
      return started
    },
  },
  embedderFile,
  log: createLog(null),
  threads: 1,
  gpu: false,
})
await engine.load({ path: model, name: 'model' })
process.send?.(pid)
setInterval(() => {}, 1000)
