// Why something did not happen, said in the place where it was tried; it is read out at once.
import { clsx } from 'clsx'

export function Problem({ text, className }: { text: string | null; className?: string }) {
  if (text === null) return null
  return (
    <p role="alert" className={clsx('text-sm text-danger', className)}>
      {text}
    </p>
  )
}
