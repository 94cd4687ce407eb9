/** Escapes text for use in HTML. */

/** Returns a text escaped for the content or a quoted attribute of an element. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
