// One of several in a drop-down: the system's own, which every keyboard, finger and screen reader knows.
import { clsx } from 'clsx'
import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'

interface SelectProps<Value extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: Value
  options: readonly { value: NoInfer<Value>; label: string }[]
  onChange(value: Value): void
}

export function Select<Value extends string>({ value, options, onChange, className, ...rest }: SelectProps<Value>) {
  return (
    <span className={clsx('relative inline-block', className)}>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value as Value)}
        className="h-9 w-full appearance-none truncate rounded-control border border-edge bg-raised ps-3 pe-8 text-base text-text disabled:opacity-60"
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className="pointer-events-none absolute end-2.5 top-2.5 size-4 text-dim" />
    </span>
  )
}
