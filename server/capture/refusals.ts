/** SMTP sessions that were refused or abandoned lately: what explains mail that never arrived. */
import type { Envelope } from '../message/envelope.ts';
import type { SmtpSession } from '../smtp/handler.ts';
import type { ChangeFeed } from '../store/changes.ts';
import type { Seq } from '../store/ids.ts';

export interface Refusal {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Seq of the store then: the cursor that waits know, where clocks are none. */
  readonly seq: Seq;
  /** `smtp`, `lmtp` or `api`; of a failed TLS handshake the protocol of the port, as `imaps`. */
  readonly protocol: string;
  /** Whether it failed at TLS, so that there was no session or none went on. */
  readonly handshake: boolean;
  readonly peer: string | null;
  readonly user: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
  /** The refusal as sent, or what became of the session instead. */
  readonly reply: string;
  /** The rule that made it so. */
  readonly rule: string | null;
}

/** Enough to explain a failing test run; a flood of refusals must not fill memory. */
const KEPT = 200;
/** Recipients kept of one: a refused mass mailing is explained by a few. */
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

  /** A client that failed at TLS. */
  addHandshake(protocol: string, peer: string | null, reply: string): void {
    this.#handshakes++;
    this.#keep({ protocol, handshake: true, peer, user: null, from: null, to: [], reply, rule: null });
  }

  #keep(refusal: Omit<Refusal, 'at' | 'seq'>): void {
    this.#kept.push({ at: this.#clock(), seq: this.#changes.seq, ...refusal });
    if (this.#kept.length >= 2 * KEPT) this.#kept = this.#kept.slice(-KEPT);
  }

  /** Those at or after an instant, oldest first. */
  since(at: number): readonly Refusal[] {
    return this.#kept.slice(-KEPT).filter((refusal) => refusal.at >= at);
  }

  /** Failed TLS handshakes since the start, of every protocol. */
  get handshakes(): number {
    return this.#handshakes;
  }

  /** Refusals since the start, failed handshakes left out. */
  get total(): number {
    return this.#total;
  }
}
