/**
 * A line that is no command, for the transcript: it may be a response that a client sent after AUTH was refused, or a
 * misspelt AUTH. Words of base64 go, whatever they are.
 */
export const withoutCredentials = (text: string): string =>
  text.replaceAll(/[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{2,}={1,2}/g, '…');
