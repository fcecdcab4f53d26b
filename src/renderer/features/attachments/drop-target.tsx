// Where files are dropped: the whole page, and one sees it. Without it the browser would leave the page for the file.
import { Paperclip } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { FoundFile } from './choose.ts'
import { droppedFiles } from './dropped.ts'

interface DropTargetProps {
  /** Says what dropping them does. */
  label: string
  onFiles(found: FoundFile[]): void
}

export function DropTarget({ label, onFiles }: DropTargetProps) {
  const [over, setOver] = useState(false)
  const heard = useRef(onFiles)
  heard.current = onFiles
  useEffect(() => {
    // Every element under the pointer is entered and left: only the last leaving is one.
    let depth = 0
    const end = new AbortController()
    const on = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', handle: (event: DragEvent) => void) =>
      window.addEventListener(
        type,
        (event) => {
          if (!event.dataTransfer?.types.includes('Files')) return
          event.preventDefault()
          handle(event)
        },
        { signal: end.signal },
      )
    on('dragenter', () => {
      depth += 1
      setOver(true)
    })
    on('dragover', ({ dataTransfer }) => {
      if (dataTransfer) dataTransfer.dropEffect = 'copy'
    })
    on('dragleave', () => {
      depth -= 1
      if (depth <= 0) setOver(false)
    })
    on('drop', ({ dataTransfer }) => {
      depth = 0
      setOver(false)
      if (dataTransfer) void droppedFiles(dataTransfer).then((found) => heard.current(found))
    })
    return () => end.abort()
  }, [])
  if (!over) return null
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-backdrop p-4">
      <p className="flex items-center gap-3 rounded-card border-2 border-dashed border-accent bg-raised px-6 py-5 font-medium shadow-float">
        <Paperclip className="size-5 text-accent-text" />
        {label}
      </p>
    </div>
  )
}
