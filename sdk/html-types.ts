/** The HTML of a message as a test reads it. */

export interface MailElements {
  /** First match of a CSS selector, in document order. Throws on a selector that is none. */
  querySelector(selector: string): MailElement | null;
  querySelectorAll(selector: string): MailElement[];
}

export interface MailElement extends MailElements {
  /** Lower case. */
  readonly tagName: string;
  /** Text as a reader sees it: white space folded, blocks on lines of their own. */
  readonly text: string;
  /** Text as it stands in the source, references decoded. */
  readonly textContent: string;
  /** As sent. */
  readonly outerHTML: string;
  readonly attributes: Readonly<Record<string, string>>;
  getAttribute(name: string): string | null;
}

export interface MailHtml extends MailElements {
  /** As sent, decoded to text. */
  readonly source: string;
  /** Text as a reader sees it. */
  readonly text: string;
  /** The source. */
  toString(): string;
}
