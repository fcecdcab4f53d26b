// How many threads may compute right now. llama.cpp's threads wait for each other by spinning: with one thread more than
// there are free cores all of them crawl (T13; measured on two busy cores: 31 tokens/s read with one thread, under 10
// with two). So other programs' use of the machine is watched while the engine computes.
import { cpus } from 'node:os'

/** Half a core of difference must be there before the number changes, so that it does not flutter. */
const hysteresis = 0.6

/**
 * @param of.current threads in use, `of.most` at most (chosen for this machine)
 * @param of.cores logical cores, `of.others` cores other programs keep busy (fractions count)
 * @returns threads to use from now on
 */
export function chooseThreads(of: { current: number; most: number; cores: number; others: number }): number {
  const free = of.cores - of.others
  if (Math.abs(Math.min(free, of.most) - of.current) < hysteresis) return of.current
  return Math.max(1, Math.min(of.most, Math.round(free)))
}

interface Sample {
  at: number
  /** Busy milliseconds of all cores together. */
  busy: number
  own: number
}

/** Watches while there is work; `onChange` gets the number of threads whenever it changes. */
export class FreeCores {
  #current: number
  #last = sample()
  #timer: NodeJS.Timeout | null = null

  constructor(
    private most: number,
    private readonly onChange: (threads: number) => void,
  ) {
    this.#current = most
  }

  /** Call when work begins: what happened since the last work counts at once. */
  begin(): void {
    if (this.most === 1 || this.#timer !== null) return
    this.#look()
    this.#timer = setInterval(() => this.#look(), 500)
  }

  /** Another limit from now on. */
  limit(most: number): void {
    this.most = most
    this.#current = most
    this.onChange(most)
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#last = sample()
  }

  #look(): void {
    const now = sample()
    const elapsed = now.at - this.#last.at
    // The system counts time in steps of 10 ms; shorter spans say nothing.
    if (elapsed < 200) return
    const others = Math.max(0, (now.busy - this.#last.busy - (now.own - this.#last.own)) / elapsed)
    this.#last = now
    const threads = chooseThreads({ current: this.#current, most: this.most, cores: cpus().length, others })
    if (threads === this.#current) return
    this.#current = threads
    this.onChange(threads)
  }
}

function sample(): Sample {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
  const own = process.cpuUsage()
  return { at: performance.now(), busy, own: (own.user + own.system) / 1000 }
}
