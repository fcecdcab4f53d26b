/** Id of the field that searches memories, so that a shortcut can put the focus there. */
export const MEMORY_SEARCH_ID = 'memory-search'
