// A piece of a file the person chose, as it travels to the core.

/** Through the browser's own reader, away from the page's thread. */
export function base64(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => {
      const address = String(reader.result)
      resolve(address.slice(address.indexOf(',') + 1))
    }
    // The file was moved, deleted, or may not be read.
    reader.onerror = () => reject(new UnreadableError())
    reader.readAsDataURL(piece)
  })
}

/** The file cannot be read any more: its folder or disk is gone. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}
