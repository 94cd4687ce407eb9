/**
 * Matches the error that a browser logs when a row of the list loads the code of a message that is deleted at that
 * moment: the response is 404.
 */
export const GONE = /^Failed to load resource: the server responded with a status of 404/;
