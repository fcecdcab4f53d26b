// A learning machine from a configuration in one of its three levels, for whoever uses the core without the app.
import { type LearningConfiguration, readConfiguration } from './configuration.ts'
import type { Learning } from './learning.ts'
import { BUILT_IN_STORES, createLearning as createMachine } from './machine.ts'
import type { LearningPorts, LearningSettings } from './ports.ts'

/** Settings are kept in memory here; a port for them would be read past the configuration. */
export type ConfiguredPorts = Omit<LearningPorts, 'settings' | 'setModes' | 'setLevel' | 'setReadOnly' | 'setNeverKeep'>

/**
 * @param configuration `{ learning: true }`: profile and memories learn by themselves. `{ stores: { … } }`: the named ones
 *   in their default modes or as said, and no other. `{ learnByItself: true }`: all in their default modes.
 * @returns the machine, and its settings as they are now, to be saved, restored or shown
 * @throws AppError INVALID_INPUT naming the key and what it may be
 */
export function createLearning(
  ports: ConfiguredPorts,
  configuration: LearningConfiguration,
): { learning: Learning; settings(): LearningSettings } {
  const { settings, stores } = readConfiguration(configuration, BUILT_IN_STORES)
  let current = settings
  const change = async (some: Partial<LearningSettings>) => {
    current = { ...current, ...some }
  }
  const learning = createMachine(
    {
      ...ports,
      settings: () => current,
      setModes: (storeModes) => change({ storeModes }),
      setLevel: change,
      setReadOnly: (readOnlyStores) => change({ readOnlyStores }),
      setNeverKeep: (neverKeep) => change({ neverKeep }),
    },
    stores,
  )
  return { learning, settings: () => current }
}
