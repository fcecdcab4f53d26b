// An on/off switch; state is shown by position and word, not by colour alone.
import { Switch as Primitive } from 'radix-ui'

interface SwitchProps {
  id: string
  checked: boolean
  disabled?: boolean
  onChange(checked: boolean): void
}

export function Switch({ id, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <Primitive.Root
      id={id}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className="inline-flex h-[18px] w-8 shrink-0 items-center rounded-full border border-edge bg-panel p-px transition-colors duration-100 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
    >
      <Primitive.Thumb className="block size-3.5 rounded-full bg-edge transition-transform duration-100 data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-on-accent rtl:data-[state=checked]:-translate-x-3.5" />
    </Primitive.Root>
  )
}
