// After a jump from the palette: the words that were typed are pointed out in the message it led to, once it is there.
import { useEffect } from 'react'
import { parseFind } from '../../../shared/find-query.ts'
import type { MessageId } from '../../../shared/ids.ts'
import { useWindow } from '../../app/window-state.ts'
import { messageElementId } from '../chat/message-element.ts'
import { pointOut, rangesOf, wordsPattern } from './point-out.ts'

/** @param shown the message the address names */
export function useFoundWords(shown: MessageId | null): void {
  const found = useWindow((state) => state.found)
  const searching = useWindow((state) => state.findInChat !== null)
  useEffect(() => {
    if (!found || searching || found.message !== shown) return
    const query = parseFind(found.words, new Date())
    const pattern = wordsPattern([...query.words, ...query.phrases])
    if (!pattern) return
    return whenThere(found.message, (element) => pointOut(rangesOf(element, pattern)))
  }, [found, searching, shown])
}

/** Calls back as soon as the message is on the page. @returns stops waiting, and takes away what was pointed out */
export function whenThere(message: MessageId, work: (element: HTMLElement) => void): () => void {
  const look = () => {
    const element = document.getElementById(messageElementId(message))
    if (!element) return false
    work(element)
    return true
  }
  const observer = new MutationObserver(() => look() && observer.disconnect())
  if (!look()) observer.observe(document.getElementById('main') ?? document.body, { childList: true, subtree: true })
  return () => {
    observer.disconnect()
    pointOut([])
  }
}
