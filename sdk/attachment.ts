/** An attachment of a message. Its bytes are fetched on the first read. */
import type { Attachment } from '../contract/index.ts';
import type { Client } from './client.ts';

export class MailAttachment {
  readonly #client: Client;
  readonly #message: string;
  readonly part: string;
  /** As the sender named it. */
  readonly filename: string | null;
  /** The name to save it under: safe, never empty, with an extension. */
  readonly name: string;
  /** What it is to a reader, e.g. `message`, `calendar`, `encrypted`; `file` for everything else. */
  readonly kind: Attachment['kind'];
  /** Media type, lower case. */
  readonly type: string;
  /** Octets when decoded. */
  readonly size: number;
  readonly contentId: string | null;
  /** Shown within the HTML. */
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

  /** The content as text: decoded from the character set of a text part; anything else is read as UTF-8. */
  async text(): Promise<string> {
    return this.type.startsWith('text/')
      ? this.#client.partText(this.#message, this.part)
      : new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }
}
