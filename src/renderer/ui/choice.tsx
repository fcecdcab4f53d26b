// One of a few, or any of a few: a row of choices, moved through with the arrow keys.
import { RadioGroup, ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: { value: Value; label: ReactNode }[]
  /** `joined`: one bar; `pills`: separate ovals. */
  look?: 'joined' | 'pills'
  disabled?: boolean
  onChange(value: Value): void
}

const looks = {
  joined: {
    root: 'inline-flex flex-wrap gap-1 rounded-control border border-line bg-panel p-1',
    item: 'min-h-7 rounded-[6px] px-3 text-sm text-dim data-[state=checked]:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-text data-[state=checked]:shadow-float',
  },
  pills: {
    root: 'flex flex-wrap gap-1.5',
    item: 'inline-flex min-h-6 items-center gap-1.5 rounded-full border border-line px-2.5 text-xs text-dim hover:bg-hover data-[state=checked]:border-transparent data-[state=checked]:bg-accent-soft data-[state=checked]:font-medium data-[state=checked]:text-accent-text data-[state=on]:border-transparent data-[state=on]:bg-accent-soft data-[state=on]:font-medium data-[state=on]:text-accent-text',
  },
}

export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const look = looks[props.look ?? 'joined']
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      disabled={props.disabled ?? false}
      onValueChange={(value) => props.onChange(value as Value)}
      className={look.root}
    >
      {props.options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} className={look.item}>
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

interface ChoicesProps<Value extends string> {
  label: string
  chosen: readonly Value[]
  options: { value: Value; label: ReactNode }[]
  onChange(chosen: Value[]): void
}

/** Each of them on or off. */
export function Choices<Value extends string>({ label, chosen, options, onChange }: ChoicesProps<Value>) {
  return (
    <ToggleGroup.Root
      type="multiple"
      aria-label={label}
      value={[...chosen]}
      onValueChange={(values) => onChange(values as Value[])}
      className={looks.pills.root}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} className={looks.pills.item}>
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
