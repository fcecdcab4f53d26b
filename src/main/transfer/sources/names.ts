// Names of files in a zip or folder: which ones are tricks. No name ever becomes a path on disk; these rules also keep
// what a person reads as the place of a text honest.

const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/iu
const PATH_MAX = 1000

/** @returns why a path is refused, for a person; null when nothing is wrong with it */
export function checkPath(path: string): string | null {
  if (path === '' || path.length > PATH_MAX) return 'Its name is empty or too long.'
  // Controls and marks of direction hide what a name ends with.
  if (/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/u.test(path))
    return 'Its name holds characters that hide others.'
  if (path.startsWith('/') || path.startsWith('\\') || /^[a-z]:/iu.test(path)) {
    return 'Its name leads to a place outside of the archive.'
  }
  for (const part of path.replace(/\/$/u, '').split(/[/\\]/u)) {
    if (part === '..') return 'Its name leads to a place outside of the archive.'
    if (RESERVED.test(part)) return 'Its name stands for a device on some computers.'
  }
  return null
}
