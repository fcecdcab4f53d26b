// Limits of attached files, as the core keeps them and the window explains them before anything is sent.

/** Most bytes of one file. */
export const FILE_BYTES_MAX = 20_000_000
/** Bytes of a file that travel in one message, which may have a megabyte with everything around them. */
export const PIECE_BYTES = 480 * 1024
/** Most files that lie in one composer, and most of one chat. */
export const STAGED_FILES_MAX = 200
export const CHAT_FILES_MAX = 1000
/** Most bytes of the texts of all files of one chat. */
export const CHAT_TEXT_MAX = 20_000_000
/** Most pages of a PDF. */
export const PDF_PAGES_MAX = 2000
/** A pasted text with more characters or lines than these becomes an attachment. */
export const PASTE_CHARACTERS = 4000
export const PASTE_LINES = 60
