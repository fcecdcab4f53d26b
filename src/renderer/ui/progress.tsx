// A bar that fills. `value` between 0 and 1; null when nobody knows how long it takes.
interface ProgressProps {
  label: string
  value: number | null
}

export function Progress({ label, value }: ProgressProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value === null ? {} : { 'aria-valuenow': Math.round(value * 100) })}
      className="h-1.5 w-full overflow-hidden rounded-full bg-hover"
    >
      <div
        // Pale where nobody knows how far it is: a full bar would say that it is done.
        className={`h-full rounded-full ${value === null ? 'animate-pulse bg-accent/50' : 'bg-accent'}`}
        style={{ width: `${(value ?? 1) * 100}%` }}
      />
    </div>
  )
}
