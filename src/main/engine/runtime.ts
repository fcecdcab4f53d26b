// The native library in this process: started once, with a GPU that is safe to try and threads that fit the machine.
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { getLlama, type Llama, type LlamaGpuType, LlamaLogLevel } from 'node-llama-cpp'
import { AppError } from '../../shared/errors.ts'
import { FreeCores } from './free-cores.ts'
import type { EngineSettings } from './messages.ts'

export interface Runtime {
  llama: Llama
  /** Threads at most. */
  threads: number
  /** Lowers and raises the threads in use while there is work. */
  cores: FreeCores
}

type Report = (level: 'info' | 'warn' | 'error', message: string) => void

/** @param log gets llama.cpp's warnings and errors; they speak of files and memory, never of text */
export async function startRuntime(settings: EngineSettings, log: Report): Promise<Runtime> {
  const threads = settings.threads ?? defaultThreads(availableParallelism())
  const llama = await startLibrary(settings, log, threads)
  const cores = new FreeCores(threads, (free) => {
    llama.maxThreads = free
  })
  return { llama, threads, cores }
}

/**
 * The library with its own account of threads. All contexts of one account share `maxThreads`, and one that finds none
 * free waits until another's batch is over; so what must not wait for a chat model's batch has an account of its own.
 * @throws AppError INTERNAL when the native library does not start
 */
export async function startLibrary(settings: EngineSettings, log: Report, maxThreads: number): Promise<Llama> {
  try {
    return await getLlama({
      gpu: chooseGpu(settings),
      // Only the prebuilt binaries of the packages: nothing is compiled or fetched on a person's machine.
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      // The library's own default is at least 4, which collapses on two cores (T13).
      maxThreads,
      logLevel: LlamaLogLevel.warn,
      logger: (level, message) => log(level === 'warn' ? 'warn' : 'error', message.trim()),
    })
  } catch (cause) {
    throw new AppError(
      'INTERNAL',
      "The engine's native library does not start on this machine. Install the app again; the log says more.",
      { cause },
    )
  }
}

/**
 * All logical cores on small machines; else the physical ones (half the logical ones) but never fewer than four.
 * llama.cpp's threads spin, so a core more than there are physical ones slows all of them.
 * @param cores logical cores
 */
export function defaultThreads(cores: number): number {
  if (cores <= 4) return Math.max(1, cores)
  return Math.min(16, Math.max(4, Math.floor(cores / 2)))
}

function chooseGpu(settings: EngineSettings) {
  // A failed Vulkan try ends in a crash on Linux machines without a GPU (withcatai/node-llama-cpp #554).
  if (settings.gpu === false || (process.platform === 'linux' && !linuxHasGpu())) return false
  const exclude = settings.excludedGpus.filter((kind): kind is NonNullable<LlamaGpuType & string> =>
    ['metal', 'cuda', 'vulkan'].includes(kind),
  )
  return exclude.length === 0 ? ('auto' as const) : { type: 'auto' as const, exclude }
}

function linuxHasGpu(): boolean {
  const names = (folder: string) => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  }
  return (
    names('/dev/dri').some((name) => name.startsWith('renderD')) ||
    names('/dev').some((name) => /^nvidia\d+$|^dxg$/.test(name))
  )
}
