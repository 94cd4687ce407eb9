/** An attachment of a message. Its bytes are fetched from the server on each read. */
import type { Attachment } from '../contract/index.ts';
import type { Client } from './client.ts';

export class MailAttachment {
  readonly #client: Client;
  readonly #message: string;
  readonly part: string;
  /** The file name that the sender gave to the attachment; `null` if the part has no file name. */
  readonly filename: string | null;
  /** A safe file name for saving the attachment: never empty, with an extension. */
  readonly name: string;
  /** The kind of the attachment, e.g. `message`, `calendar`, `encrypted`; `file` for everything else. */
  readonly kind: Attachment['kind'];
  /** The media type of the attachment in lower case. */
  readonly type: string;
  /** The size of the decoded attachment in octets. */
  readonly size: number;
  readonly contentId: string | null;
  /** Whether the HTML body shows the attachment, for example as an image. */
  readonly inline: boolean;

  constructor(client: Client, message: string, attachment: Attachment) {
    this.#client = client;
    this.#message = message;
    this.part = attachment.part;
    this.filename = attachment.filename;
    this.name = attachment.name;
    this.kind = attachment.kind;
    this.type = attachment.type;
    this.size = attachment.size;
    this.contentId = attachment.contentId;
    this.inline = attachment.inline;
  }

  bytes(): Promise<Uint8Array> {
    return this.#client.part(this.#message, this.part);
  }

  /**
   * Returns the content as text. A text part is decoded from its character set. The text of a PDF document is
   * extracted, which needs the package `unpdf`. Any other part is read as UTF-8.
   */
  async text(): Promise<string> {
    if (this.type.startsWith('text/')) return this.#client.partText(this.#message, this.part);
    if (this.type === 'application/pdf') return (await import('./pdf.ts')).textOfPdf(await this.bytes());
    return new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }
}
