/**
 * Returns the root element of a document, its `<html>`. It does not use `documentElement`, which an element of the
 * mail may have overridden by its name.
 */
export const rootOf = (of: Document): HTMLElement | null =>
  document.createTreeWalker(of, NodeFilter.SHOW_ELEMENT).nextNode() as HTMLElement | null;
