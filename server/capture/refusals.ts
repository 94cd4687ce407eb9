/**
 * Records the most recent SMTP sessions that were refused or abandoned. These sessions explain why mail did not
 * arrive.
 */
import type { Envelope } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import type { ChangeFeed } from '../store/changes.ts';
import type { Seq } from '../store/ids.ts';

export interface Refusal {
  /** The time of the refusal in milliseconds since the epoch. */
  readonly at: number;
  /**
   * The sequence number of the store's last change at the time of the refusal; clients that wait for changes
   * use the number as a cursor.
   */
  readonly seq: Seq;
  /**
   * The protocol of the refused session: `smtp`, `lmtp` or `api`; for a failed TLS handshake the protocol of
   * the port, for example `imaps`.
   */
  readonly protocol: string;
  /**
   * Whether a failed TLS handshake was the cause of the refusal: no session began, or the session could not
   * continue.
   */
  readonly handshake: boolean;
  readonly peer: string | null;
  readonly user: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
  /** The SMTP reply that refused the session or the message, or a description of how the session ended. */
  readonly reply: string;
  /** The name of the rule that caused the refusal; `null` without a rule. */
  readonly rule: string | null;
}

/**
 * The maximum number of stored refusals: enough to explain a failing test run, and few enough to bound the
 * memory used.
 */
const KEPT = 200;
/** The maximum number of recipients stored with a refusal; a few are enough to explain a refused mass mailing. */
const KEPT_RECIPIENTS = 20;

export class Refusals {
  readonly #clock: () => number;
  readonly #changes: Pick<ChangeFeed, 'seq'>;
  #kept: Refusal[] = [];
  #total = 0;
  #handshakes = 0;

  constructor(clock: () => number, changes: Pick<ChangeFeed, 'seq'>) {
    this.#clock = clock;
    this.#changes = changes;
  }

  add(
    { origin }: Pick<SmtpSession, 'origin'>,
    envelope: Envelope | null,
    reply: string,
    rule: string | null,
  ): void {
    this.#total++;
    this.#keep({
      protocol: origin.kind,
      handshake: false,
      peer: origin.peer,
      user: origin.user,
      from: envelope?.from.address ?? null,
      to: envelope?.to.slice(0, KEPT_RECIPIENTS).map(({ address }) => address) ?? [],
      reply,
      rule,
    });
  }

  /** Records that the TLS handshake with a client failed. */
  addHandshake(protocol: string, peer: string | null, reply: string): void {
    this.#handshakes++;
    this.#keep({ protocol, handshake: true, peer, user: null, from: null, to: [], reply, rule: null });
  }

  #keep(refusal: Omit<Refusal, 'at' | 'seq'>): void {
    this.#kept.push({ at: this.#clock(), seq: this.#changes.seq, ...refusal });
    if (this.#kept.length >= 2 * KEPT) this.#kept = this.#kept.slice(-KEPT);
  }

  /** Returns the refusals at or after the given time, oldest first. */
  since(at: number): readonly Refusal[] {
    return this.#kept.slice(-KEPT).filter((refusal) => refusal.at >= at);
  }

  /** The number of failed TLS handshakes since the start, over all protocols. */
  get handshakes(): number {
    return this.#handshakes;
  }

  /** The number of refusals since the start, excluding failed TLS handshakes. */
  get total(): number {
    return this.#total;
  }
}
