/** Frames after which nothing is waited for any more: about a second. */
const PATIENCE = 60

/** Whether what had the focus went away, so that the keyboard stands nowhere. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/**
 * Puts the focus on what the next render, a scroll or a page that is loaded brings about. On a busy machine that may take
 * more than the next frame.
 * @param find looks for it, once a frame until it is there and takes the focus: behind a dialog that closes nothing does
 */
export function focusWhenThere(find: () => HTMLElement | null | undefined, options?: FocusOptions): void {
  let left = PATIENCE
  const look = () => {
    const element = find()
    element?.focus(options)
    const taken = element?.contains(document.activeElement) === true
    if (!taken && left-- > 0) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
