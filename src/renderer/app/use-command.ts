// What commands do, while it can be done: a page says so while it is open. One listener hears the keys of all of them.
import { createContext, use, useEffect, useRef, useSyncExternalStore } from 'react'
import { type ChosenKeys, type CommandId, commandOf, isFor, shownKeys } from './commands.ts'
import { useAppState } from './core.ts'
import { isMac, type Pressed, showCombination } from './key-combination.ts'

type Run = () => void

/** Who carries out which command now; the last one that said so. */
export class CommandCenter {
  readonly #runs = new Map<CommandId, Run[]>()
  readonly #listeners = new Set<() => void>()
  #available: readonly CommandId[] = []

  /** @returns takes it back */
  offer(id: CommandId, run: Run): () => void {
    this.#runs.set(id, [...(this.#runs.get(id) ?? []), run])
    this.#changed()
    return () => {
      const left = (this.#runs.get(id) ?? []).filter((each) => each !== run)
      if (left.length > 0) this.#runs.set(id, left)
      else this.#runs.delete(id)
      this.#changed()
    }
  }

  /** @returns whether somebody carried it out */
  run(id: CommandId): boolean {
    const run = this.#runs.get(id)?.at(-1)
    run?.()
    return run !== undefined
  }

  /** Commands that can be carried out now; the same list until it changes. */
  get available(): readonly CommandId[] {
    return this.#available
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    this.#available = [...this.#runs.keys()]
    for (const listener of this.#listeners) listener()
  }
}

export const CommandContext = createContext<CommandCenter | null>(null)

export function useCommandCenter(): CommandCenter {
  const center = use(CommandContext)
  if (!center) throw new Error('The commands have no provider.')
  return center
}

/** @param run null while it cannot be done */
export function useCommand(id: CommandId, run: Run | null): void {
  const center = useCommandCenter()
  const latest = useRef(run)
  latest.current = run
  const possible = run !== null
  useEffect(() => (possible ? center.offer(id, () => latest.current?.()) : undefined), [center, id, possible])
}

export function useAvailableCommands(): readonly CommandId[] {
  const center = useCommandCenter()
  return useSyncExternalStore(center.subscribe, () => center.available)
}

const NONE: ChosenKeys = {}

export function useChosenKeys(): ChosenKeys {
  return useAppState()?.settings.shortcuts ?? NONE
}

/** @returns the keys of a command as they are printed on the keyboard; null when it has none */
export function useKeysOf(): (id: CommandId) => string | null {
  const chosen = useChosenKeys()
  const desktop = useAppState()?.shell === 'desktop'
  return (id) => {
    const keys = shownKeys(id, chosen, desktop)
    return keys === null ? null : showCombination(keys, isMac())
  }
}

/** @returns whether a key press asks for a command that a field is told of by itself */
export function useIsFor(): (id: CommandId, event: Pressed) => boolean {
  const chosen = useChosenKeys()
  return (id, event) => isFor(id, event, chosen, isMac())
}

/** Hears the keys of all commands. A dialog keeps them to itself, but for the palette's own, which closes it again. */
export function useCommandKeys(): void {
  const center = useCommandCenter()
  const chosen = useChosenKeys()
  useEffect(() => {
    const mac = isMac()
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return
      const id = commandOf(event, chosen, { typing: isTyping(event.target), mac })
      if (id === null) return
      const open = document.querySelector('dialog[open], [role="menu"]')
      if (open && !(id === 'palette' && open.hasAttribute('data-palette'))) return
      if (center.run(id)) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [center, chosen])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
}
