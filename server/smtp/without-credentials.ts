/**
 * Returns the text of an unknown command for the transcript, with every word that looks like base64 removed:
 * the line may contain credentials, either as a response that a client sent after AUTH was refused, or after a
 * misspelt AUTH.
 */
export const withoutCredentials = (text: string): string =>
  text.replaceAll(/[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]{2,}={1,2}/g, '…');
