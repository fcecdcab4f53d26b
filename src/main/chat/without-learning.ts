// Learning, as a chat has it that neither reads nor writes what is learned: nothing is known, offered, queued or kept.
import type { ChatLearning } from './ports.ts'

/** @param passagesOf of the chat's own files, which its answers may have read */
export function withoutLearning(passagesOf: ChatLearning['passagesOf']): ChatLearning {
  return {
    buildContext: async ({ core, earlier }) => ({ core, earlier: earlier.map(() => null), recalled: null, used: [] }),
    known: async () => null,
    queueTurn: async () => {},
    turnsOf: async () => new Map(),
    passagesOf,
    react: async () => ({ batchId: null }),
    tools: {
      offered: () => [],
      open: () => [],
      run: async () => {
        throw new Error('A chat without learning has no tools.')
      },
    },
    proposals: { askedIn: async () => new Map(), outcomes: async () => [] },
  }
}
