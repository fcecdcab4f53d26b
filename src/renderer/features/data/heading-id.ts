/** Of the heading of a part of the page, which takes the focus where nothing better is left. */
export function headingId(part: string): string {
  return `data-${part}`
}
