// A key of the keyboard, as a hint beside what it does. Decoration: screen readers hear the label instead.
export function Keys({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus
    <kbd
      aria-hidden="true"
      className="rounded-sm border border-line bg-raised px-1.5 font-sans text-2xs leading-5 font-medium text-dim"
    >
      {children}
    </kbd>
  )
}
