// A key of the keyboard. As a hint beside what it does it is decoration, and screen readers hear the label instead; where the
// keys themselves are the matter, `spoken`, they hear it.
export function Keys({ children, spoken = false }: { children: string; spoken?: boolean }) {
  return (
    <kbd
      aria-hidden={spoken ? undefined : true}
      className="rounded-sm border border-line bg-raised px-1.5 font-sans text-2xs leading-5 font-medium text-dim"
    >
      {children}
    </kbd>
  )
}
