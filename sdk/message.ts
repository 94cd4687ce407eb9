/**
 * A captured message with the properties and methods that tests need. Reading a message does not mark it as seen on
 * the server.
 */
import type {
  Address,
  CheckName,
  CheckRun,
  Code,
  Detail,
  Defect,
  Finding,
  Link,
  Origin,
  Part,
  TranscriptLine,
} from '../contract/index.ts';
import { MailAttachment } from './attachment.ts';
import { mailChecksOf, type ChecksChoice, type MailChecks } from './checks.ts';
import type { Client } from './client.ts';
import { MailHeaders } from './headers.ts';
import type { MailHtml } from './html-types.ts';
import { isRegExp, type Matcher } from './matcher.ts';
import type { ForwardMail, Sent, Via } from './outbound-types.ts';
import {
  pickAttachment,
  pickCode,
  pickLink,
  type AttachmentChoice,
  type CodeChoice,
  type LinkChoice,
} from './picks.ts';
import { unsubscribeOf, type Unsubscribe } from './unsubscribe.ts';

export class Message {
  readonly #client: Client;
  readonly id: string;
  /**
   * The sequence number of the change that added the message to the store. Pass it as `after` to wait for
   * later messages.
   */
  readonly seq: number;
  /** The time when the server received the message, by the server's clock. */
  readonly receivedAt: Date;
  /** The size of the raw message in octets. */
  readonly size: number;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /**
   * The addresses in the header field `Bcc`, and the recipients of the envelope that no header field names.
   */
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string;
  /** The date in the header field `Date`; `null` if the field is absent or invalid. */
  readonly date: Date | null;
  /** The Message-ID without angle brackets; `null` for a message without Message-ID. */
  readonly messageId: string | null;
  /** The sender and the recipients of the SMTP transaction, with their ESMTP parameters. */
  readonly envelope: Detail['envelope'];
  /** The user name of the login in the SMTP session; `null` without a login. */
  readonly user: string | null;
  readonly headers: MailHeaders;
  /**
   * The text body; `null` for a message without a text body. The property `words` then contains the text of the
   * HTML.
   */
  readonly text: string | null;
  /** The HTML body, which can be queried with CSS selectors; `null` for a message without an HTML body. */
  readonly html: MailHtml | null;
  readonly links: readonly Link[];
  /** The codes in the message, for example one-time passwords, the most likely first. */
  readonly codes: readonly Code[];
  readonly attachments: readonly MailAttachment[];
  readonly tags: readonly string[];
  readonly structure: Part;
  readonly origin: Origin;
  readonly defects: readonly Defect[];
  readonly findings: readonly Finding[];

  private constructor(client: Client, detail: Detail, html: MailHtml | null) {
    this.#client = client;
    this.id = detail.id;
    this.seq = detail.seq;
    this.receivedAt = new Date(detail.receivedAt);
    this.size = detail.size;
    this.from = detail.from;
    this.to = detail.to;
    this.cc = detail.cc;
    this.bcc = detail.bcc;
    this.replyTo = detail.replyTo;
    this.subject = detail.subject;
    this.date = detail.date === null ? null : new Date(detail.date);
    this.messageId = detail.messageId;
    this.envelope = detail.envelope;
    this.user = detail.user;
    this.headers = new MailHeaders(detail.headers);
    this.text = detail.text;
    this.html = html;
    this.links = detail.links;
    this.codes = detail.codes;
    this.attachments = detail.attachments.map((each) => new MailAttachment(client, detail.id, each));
    this.tags = detail.tags;
    this.structure = detail.structure;
    this.origin = detail.origin;
    this.defects = detail.defects;
    this.findings = detail.findings;
  }

  /**
   * Creates a message from the JSON that the server returned for it. The HTML parser is loaded when the first
   * message needs it.
   */
  static async of(client: Client, detail: Detail): Promise<Message> {
    const html = detail.html === null ? null : (await import('./html.ts')).createHtml(detail.html);
    return new Message(client, detail, html);
  }

  /** The text body, or the text of the HTML for a message without a text body. */
  get words(): string {
    return this.text ?? this.html?.text ?? '';
  }

  /**
   * Returns the most likely one of the codes that match the choice. Throws if no code matches, or if two codes
   * are equally likely.
   */
  code(choice: CodeChoice = {}): string {
    return pickCode(this.codes, choice).value;
  }

  /**
   * Returns the link that matches the choice. Throws if no link matches, or if links with different URLs match.
   */
  link(choice: LinkChoice = {}): Link {
    return pickLink(this.links, choice);
  }

  /**
   * Returns the first attachment whose file name matches, or that matches a choice of file name and type.
   * Throws if no attachment matches.
   */
  attachment(wanted: Matcher | AttachmentChoice): MailAttachment {
    const isChoice = typeof wanted === 'object' && !isRegExp(wanted);
    return pickAttachment(this.attachments, isChoice ? wanted : { filename: wanted });
  }

  /** The ways to unsubscribe that the header of the message names (RFC 2369, RFC 8058). */
  get unsubscribe(): Unsubscribe {
    return unsubscribeOf(this.headers);
  }

  /** Forwards this message as an attachment; the default sender is the address that received the message. */
  async forward(mail: ForwardMail, via?: Via): Promise<Sent> {
    const { forwardOf, send } = await import('./outbound.ts');
    return send(this.#client, forwardOf(this, await this.raw(), mail), via);
  }

  /** Returns the exact bytes of the message. */
  raw(): Promise<Uint8Array> {
    return this.#client.raw(this.id);
  }

  /** Returns the SMTP dialogue of the session that delivered the message. */
  async transcript(): Promise<TranscriptLine[]> {
    return (await this.#client.transcript(this.id)).lines;
  }

  /** Returns the findings of all checks, with their positions in the message, and the scores of the checks. */
  async checks({ clients }: ChecksChoice = {}): Promise<MailChecks> {
    const query = clients === undefined ? {} : { clients: clients.join(',') };
    return mailChecksOf(await this.#client.checks(this.id, query));
  }

  /** Runs a check that sends requests to other servers, e.g. `spam`, and returns its findings. */
  async runCheck(name: CheckName, request: CheckRun = {}): Promise<MailChecks> {
    return mailChecksOf(await this.#client.runCheck(this.id, name, request));
  }

  /** Returns one line that describes the message: subject, sender and recipients. */
  toString(): string {
    const sender = this.from[0]?.address ?? this.envelope.from;
    return `${JSON.stringify(this.subject)} from ${sender} to ${this.envelope.to.join(', ')}`;
  }
}
