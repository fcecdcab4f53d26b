/** The one person of a profile. Every row carries its owner, so that a database can serve more than one. */
export const OWNER = 'me'
