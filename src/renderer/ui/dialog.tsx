// A modal dialog on the browser's own <dialog>: it keeps the focus inside, closes with Escape, gives the focus back, and
// needs no <style> of its own, which the content policy would refuse.
import { clsx } from 'clsx'
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'

interface DialogProps {
  title: string
  /**
   * `wide`: a box for reading. `drawer` slides along the start edge at full height, `palette` hangs from the top; these two do
   * not show their title.
   */
  shape?: 'box' | 'wide' | 'drawer' | 'palette'
  onClose(): void
  children: ReactNode
}

export function Dialog({ title, shape = 'box', onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // A layout effect, so that the dialog closes, and gives the focus back, before it leaves the page.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    // The browser would focus the first control; some dialogs know a better one.
    dialog?.querySelector<HTMLElement>('[data-first-focus]')?.focus()
    return () => dialog?.close()
  }, [])
  // Outside the page's flow: a dialog asked for inside a paragraph may not stand in it.
  return createPortal(
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for closing is Escape, which the element hears as cancel
    <dialog
      ref={element}
      aria-labelledby={titleId}
      data-palette={shape === 'palette' ? '' : undefined}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // A click on the backdrop lands on the dialog element itself.
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={clsx(
        'border-line bg-raised shadow-float',
        shape === 'box' && 'w-[min(30rem,calc(100vw-2rem))] rounded-card border p-0',
        shape === 'wide' && 'w-[min(46rem,calc(100vw-2rem))] rounded-card border p-0',
        shape === 'palette' &&
          'mx-auto mt-0 mb-auto w-full max-w-none border-b p-0 wide:mt-[12dvh] wide:w-[40rem] wide:rounded-card wide:border',
        shape === 'drawer' && 'fixed inset-y-0 start-0 m-0 h-dvh max-h-none w-[min(18rem,85vw)] border-e p-0',
      )}
    >
      {shape === 'box' || shape === 'wide' ? (
        <div className="p-5">
          <h2 id={titleId} className="mb-3 text-lg">
            {title}
          </h2>
          {children}
        </div>
      ) : (
        <>
          <h2 id={titleId} className="sr-only">
            {title}
          </h2>
          {children}
        </>
      )}
    </dialog>,
    document.body,
  )
}

/** The row of buttons that ends a dialog. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
}
