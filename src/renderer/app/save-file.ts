// What was made in this window, or brought to it, handed to the browser as a file to keep. Nothing leaves the computer.

/** @param content a text, or the pieces of a file in their order */
export function saveFile(name: string, type: string, content: string | readonly BlobPart[]): void {
  const parts = typeof content === 'string' ? [content] : [...content]
  const address = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** Rows as comma-separated values, with a mark in front by which spreadsheets know the letters. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** In quotes where it must be. What a spreadsheet would run as a formula is made a text. */
function cell(value: string | number): string {
  const text = String(value)
  if (typeof value === 'number') return text
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
