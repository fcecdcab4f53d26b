// Runs the engine in a child process of node: the browser shell, the terminal commands and the tests.
import { fork } from 'node:child_process'
import { entry } from '../app/entries.ts'
import { type EngineLauncher, engineEnvironment } from './launcher.ts'

const keptStderr = 4096

export function createChildLauncher(): EngineLauncher {
  return {
    launch() {
      const { file, execArgv } = entry('engine-process')
      const child = fork(file, [], {
        execArgv,
        env: engineEnvironment(),
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      let stderr = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-keptStderr)
      })
      return {
        get pid() {
          return child.pid
        },
        send(message) {
          // The exit event tells of a process that is gone; the failed write adds nothing.
          if (child.connected) child.send(message as object, () => {})
        },
        onMessage(listener) {
          child.on('message', listener)
        },
        onExit(listener) {
          let told = false
          const tell = (code: number | null, signal: string | null) => {
            if (told) return
            told = true
            listener({ code, signal, stderr })
          }
          child.once('close', tell)
          child.once('error', () => tell(null, null))
        },
        kill() {
          child.kill('SIGKILL')
        },
      }
    },
  }
}
