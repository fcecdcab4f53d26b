// Runs the engine in Electron's utility process: node without a window, ended with the app.
import type { UtilityProcess, utilityProcess } from 'electron'
import { entry } from '../app/entries.ts'
import { type EngineLauncher, engineEnvironment } from '../engine/launcher.ts'

const keptStderr = 4096

export function createUtilityLauncher(electron: Pick<typeof utilityProcess, 'fork'>): EngineLauncher {
  return {
    launch() {
      const { file, execArgv } = entry('engine-process')
      const child: UtilityProcess = electron.fork(file, [], {
        serviceName: 'Understudy engine',
        env: engineEnvironment(),
        execArgv,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let stderr = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-keptStderr)
      })
      let life: 'starting' | 'up' | 'gone' = 'starting'
      const waiting: unknown[] = []
      child.once('spawn', () => {
        life = 'up'
        for (const message of waiting.splice(0)) child.postMessage(message)
      })
      child.once('exit', () => {
        life = 'gone'
      })
      return {
        get pid() {
          return child.pid
        },
        send(message) {
          if (life === 'starting') waiting.push(message)
          else if (life === 'up') child.postMessage(message)
        },
        onMessage(listener) {
          child.on('message', listener)
        },
        onExit(listener) {
          child.once('exit', (code) => listener({ code, signal: null, stderr }))
        },
        kill() {
          // Electron asks politely (SIGTERM), which a hung native thread does not hear.
          if (child.pid === undefined) return
          try {
            process.kill(child.pid, 'SIGKILL')
          } catch {
            // It ended between the two lines.
          }
        },
      }
    },
  }
}
