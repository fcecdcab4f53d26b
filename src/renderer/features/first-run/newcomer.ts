// Who sees the introduction instead of an empty chat.
import type { Settings } from '../../../shared/settings.ts'

/** @param step of the introduction this window is in: whoever has begun it also sees its end, with a model or without */
export function isNewcomer({ firstRunDone, chatModel }: Settings, step: number): boolean {
  return !firstRunDone && (chatModel === null || step > 1)
}
