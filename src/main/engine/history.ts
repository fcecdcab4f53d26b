// Prompts as the library's chat formats take them.
import type { ChatHistoryItem, LlamaChat, Token } from 'node-llama-cpp'
import type { PromptMessage } from './engine.ts'

/** True when the last message is the beginning of an answer that shall be written on. */
export function continues(messages: readonly PromptMessage[]): boolean {
  return messages.at(-1)?.role === 'assistant'
}

/** @returns history that ends with an answer to be written, or with one that was begun */
export function toHistory(messages: readonly PromptMessage[]): ChatHistoryItem[] {
  const items = messages.map((message): ChatHistoryItem => {
    if (message.role === 'assistant') return { type: 'model', response: [message.text] }
    return { type: message.role, text: message.text }
  })
  return continues(messages) ? items : [...items, { type: 'model', response: [] }]
}

/** Tokens of the whole prompt in the model's own chat format, up to where the answer begins. */
export function promptTokens(chat: LlamaChat, messages: readonly PromptMessage[]): Token[] {
  const { contextText } = chat.chatWrapper.generateContextState({ chatHistory: toHistory(messages) })
  return contextText.tokenize(chat.model.tokenizer)
}

/** Tokens at the beginning that two prompts share. */
export function sharedTokens(a: readonly Token[], b: readonly Token[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
