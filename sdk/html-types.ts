/** The HTML of a message as a test reads it. */

export interface MailElements {
  /** The first match of a CSS selector in document order. Throws on an invalid selector. */
  querySelector(selector: string): MailElement | null;
  querySelectorAll(selector: string): MailElement[];
}

export interface MailElement extends MailElements {
  /** Lower case. */
  readonly tagName: string;
  /** The visible text: white space folded, each block on a line of its own. */
  readonly text: string;
  /** The text of the source with character references decoded. */
  readonly textContent: string;
  /** As sent. */
  readonly outerHTML: string;
  readonly attributes: Readonly<Record<string, string>>;
  getAttribute(name: string): string | null;
}

export interface MailHtml extends MailElements {
  /** As sent, decoded to text. */
  readonly source: string;
  /** The visible text. */
  readonly text: string;
  /** The source. */
  toString(): string;
}
