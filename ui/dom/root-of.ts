/** The first element of a document: its `<html>`. Not asked for by name, which an element of the mail may have taken. */
export const rootOf = (of: Document): HTMLElement | null =>
  document.createTreeWalker(of, NodeFilter.SHOW_ELEMENT).nextNode() as HTMLElement | null;
