/** A delivery: one message to one recipient with an outcome. An attempt: one connection, or try at one, for it. */
import type { AttemptOutcome, DeliveryState, ReleaseCause } from '../../contract/names.ts';
import type { TranscriptLine } from '../message/envelope.ts';
import type { ClientTlsFacts } from '../smtp/client/index.ts';
import type { MessageId } from '../store/ids.ts';

export type { AttemptOutcome, DeliveryState, ReleaseCause };

export interface Delivery {
  readonly id: string;
  /** The id of the release. The deliveries of one release share it. */
  readonly release: string;
  readonly message: MessageId;
  /** Subject of the message, for the reader once the message is gone. */
  readonly subject: string;
  /** Reverse-path; empty for `<>`. */
  readonly from: string;
  readonly to: string;
  readonly by: ReleaseCause;
  /**
   * Whether the message was not captured for this recipient; it is then sent with Resent fields (RFC 5322 §3.6.6).
   */
  readonly resent: boolean;
  readonly state: DeliveryState;
  /** Milliseconds since the epoch, as all instants here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /**
   * The time when the current tries began: the time of the release, or of the retry of a delivery that had ended.
   */
  readonly since: number;
  /** When the next attempt is due; `null` when there is none to come. */
  readonly nextAttemptAt: number | null;
  /** Rounds so far: one may have tried several hosts. */
  readonly rounds: number;
  /** Attempts kept, see `Attempt`. */
  readonly attempts: number;
  /** The last outcome in words: a reply, or what went wrong. */
  readonly reason: string | null;
  /** Enhanced status code of the last outcome (RFC 3463). */
  readonly status: string | null;
  /** Server that gave the last outcome. */
  readonly host: string | null;
  /** Whether the sender was notified of the delay. */
  readonly delayNotified: boolean;
  /** The notification of the sender that is still pending; `null` if none is pending. */
  readonly noticeDue: 'failed' | 'delayed' | null;
}

/** One connection, or try at one. */
export interface Attempt {
  readonly delivery: string;
  readonly round: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The name of the mail server; `null` if no mail server was found. */
  readonly host: string | null;
  /** Address and port tried. */
  readonly address: string | null;
  readonly port: number | null;
  readonly outcome: AttemptOutcome;
  /** The reply, or what went wrong. */
  readonly reason: string;
  /** The TLS policy of the attempt, e.g. `opportunistic` or `MTA-STS enforce`. */
  readonly security: string;
  readonly tls: ClientTlsFacts | null;
  readonly transcript: readonly TranscriptLine[];
}

/** The final states, which a delivery leaves only by a retry. */
const FINAL: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'cancelled', 'unknown']);
export const isFinal = ({ state }: Pick<Delivery, 'state'>): boolean => FINAL.has(state);
