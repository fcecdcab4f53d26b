// One of a few, each with a sentence that says what it means.
import { RadioGroup } from 'radix-ui'
import { useId } from 'react'

interface ChoiceCardsProps<Value extends string> {
  label: string
  value: Value
  options: { value: Value; label: string; text: string }[]
  disabled?: boolean
  onChange(value: Value): void
}

export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  const id = useId()
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      disabled={props.disabled ?? false}
      onValueChange={(value) => props.onChange(value as Value)}
      className="flex w-full flex-col gap-2"
    >
      {props.options.map(({ value, label, text }) => (
        <RadioGroup.Item
          key={value}
          value={value}
          aria-labelledby={`${id}-${value}`}
          aria-describedby={`${id}-${value}-text`}
          className="group flex items-start gap-3 rounded-card border border-line bg-raised px-3.5 py-3 text-start hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span
            aria-hidden="true"
            className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-edge bg-raised group-data-[state=checked]:border-accent"
          >
            <RadioGroup.Indicator className="block size-2 rounded-full bg-accent" />
          </span>
          <span className="flex min-w-0 flex-col gap-0.5">
            <span id={`${id}-${value}`} className="font-medium">
              {label}
            </span>
            <span id={`${id}-${value}-text`} className="text-sm text-dim group-data-[state=checked]:text-text">
              {text}
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
