/**
 * Returns the root element of a document, `<html>`. The function does not use `documentElement`, because an
 * element of the mail may have overridden this property by its name.
 */
export const rootOf = (of: Document): HTMLElement | null =>
  document.createTreeWalker(of, NodeFilter.SHOW_ELEMENT).nextNode() as HTMLElement | null;
