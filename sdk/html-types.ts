/** The types for the HTML of a message; tests query the HTML with CSS selectors. */

export interface MailElements {
  /**
   * Returns the first element in document order that matches a CSS selector. Throws for an invalid selector.
   */
  querySelector(selector: string): MailElement | null;
  querySelectorAll(selector: string): MailElement[];
}

export interface MailElement extends MailElements {
  /** The name of the element in lower case. */
  readonly tagName: string;
  /** The visible text of the element: white space is collapsed, and each block is on a line of its own. */
  readonly text: string;
  /** The text of the element's source, with character references decoded. */
  readonly textContent: string;
  /** The HTML source of the element as it was sent. */
  readonly outerHTML: string;
  readonly attributes: Readonly<Record<string, string>>;
  getAttribute(name: string): string | null;
}

export interface MailHtml extends MailElements {
  /** The source of the HTML as it was sent, decoded from its character set. */
  readonly source: string;
  /** The visible text of the HTML. */
  readonly text: string;
  /** Returns the source of the HTML. */
  toString(): string;
}
