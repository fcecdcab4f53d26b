// Words of an answer as a quote in the next message.
import { useCallback } from 'react'
import type { ConversationId } from '../../../shared/ids.ts'
import { COMPOSER_ID } from '../../app/new-chat.ts'
import { useWindowStore } from '../../app/window-state.ts'

/** @returns the draft with the words as a quote after what was written already, ready to go on below */
export function withQuote(draft: string, words: string): string {
  const quoted = words
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '' ? '>' : `> ${line}`))
    .join('\n')
  return `${draft.trim() === '' ? '' : `${draft.trimEnd()}\n\n`}${quoted}\n\n`
}

/** Quotes words in the composer of a chat and puts the focus there. */
export function useQuote(conversation: ConversationId): (words: string) => void {
  const store = useWindowStore()
  return useCallback(
    (words) => {
      const { drafts, setDraft } = store.getState()
      setDraft(conversation, withQuote(drafts[conversation] ?? '', words))
      requestAnimationFrame(() => {
        const composer = document.getElementById(COMPOSER_ID)
        if (!(composer instanceof HTMLTextAreaElement)) return
        composer.focus()
        composer.setSelectionRange(composer.value.length, composer.value.length)
        composer.scrollTop = composer.scrollHeight
      })
    },
    [conversation, store],
  )
}

/** What is selected, where all of it lies inside one element; null when nothing there is. */
export function selectionIn(element: Element | null): Range | null {
  const selection = window.getSelection()
  if (!element || !selection || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  return element.contains(range.commonAncestorContainer) && `${selection}`.trim() !== '' ? range : null
}

/** The words of a selection; a formula is what was written for it, not the letters it was set with. */
export function wordsOf(range: Range): string {
  const part = range.cloneContents()
  const formulas = [...part.querySelectorAll('.katex')]
  if (formulas.length === 0) return `${window.getSelection()}`
  for (const formula of formulas) {
    const source = formula.querySelector('annotation')?.textContent
    if (source) formula.replaceWith(`$${source}$`)
  }
  return part.textContent ?? ''
}
