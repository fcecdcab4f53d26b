// Why something did not happen, said in the place where it was tried; it is read out at once.
import { clsx } from 'clsx'

interface ProblemProps {
  /** For the field it is said of: `aria-describedby`. */
  id?: string
  /** Nothing: nothing is wrong. */
  text: string | null | undefined
  className?: string
}

export function Problem({ id, text, className }: ProblemProps) {
  if (!text) return null
  return (
    <p id={id} role="alert" className={clsx('text-sm text-danger', className)}>
      {text}
    </p>
  )
}
