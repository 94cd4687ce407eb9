/** An attachment of a message. Its bytes are fetched on the first read. */
import type { Attachment } from '../server/api/contract.ts';
import type { Client } from './client.ts';

export class MailAttachment {
  readonly #client: Client;
  readonly #message: string;
  readonly part: string;
  readonly filename: string | null;
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
    this.type = attachment.type;
    this.size = attachment.size;
    this.contentId = attachment.contentId;
    this.inline = attachment.inline;
  }

  bytes(): Promise<Uint8Array> {
    return this.#client.part(this.#message, this.part);
  }

  /** The content, decoded as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }
}
