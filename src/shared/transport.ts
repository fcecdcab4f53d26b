// How the window reaches the core, as far as both sides must agree on it.

/** What the preload script puts on the page of the desktop shell, as `window.understudy`; absent in the browser shell. */
export interface Bridge {
  /** Asks for a port; it arrives as a window message whose data is `PORT_MESSAGE`. */
  connect(): void
  /** Where a file lies that the person dropped on the page; empty for one that lies nowhere. */
  pathOf(file: File): string
}

/** Data of the window message that carries the port, and name of the channel on which the desktop shell gets its end. */
export const PORT_MESSAGE = 'understudy:port'

/** Path of the WebSocket in the browser shell. */
export const RPC_PATH = '/rpc'

/** Close code of a WebSocket whose core will not start; the close reason is a sentence for the person. */
export const CLOSE_FAILED = 4500

/** Close code of a WebSocket whose core gave way to that of another profile: the page starts anew. */
export const CLOSE_SWITCHED = 4501
