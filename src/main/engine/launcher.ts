// The port through which the core runs the engine's process. The desktop shell has Electron's utilityProcess behind it,
// the browser shell a child process of node; nothing else knows which.

/**
 * One run of `entry('engine-process')`. Messages are structured clones (typed arrays stay typed arrays) and arrive in
 * the order they were sent; what is sent before the process is up waits for it.
 */
export interface EngineProcess {
  readonly pid: number | undefined
  /** Never throws; a message to a process that is gone is lost. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Once, however it ended. `stderr`: the last words, for the log; empty where a shell cannot tell. */
  onExit(listener: (exit: { code: number | null; signal: string | null; stderr: string }) => void): void
  /** Ends it at once, without asking. */
  kill(): void
}

export interface EngineLauncher {
  /** Starts a process. Whoever implements this passes `engineEnvironment()` on and ends the process with its own. */
  launch(): EngineProcess
}

/** Environment the engine's process needs: this one's, with a slot in the thread pool for every context at work. */
export function engineEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const own = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(own), UV_THREADPOOL_SIZE: '8', NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' }
}
