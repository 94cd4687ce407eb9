/**
 * A delivery is one message to one recipient, with its outcome. An attempt is one connection to a server, or one
 * failed try to connect, for a delivery.
 */
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
  /** The subject of the message, to display it when the message is deleted. */
  readonly subject: string;
  /** The reverse-path; empty for `<>`. */
  readonly from: string;
  readonly to: string;
  readonly by: ReleaseCause;
  /**
   * Whether the message was not captured for this recipient; it is then sent with Resent fields (RFC 5322 §3.6.6).
   */
  readonly resent: boolean;
  readonly state: DeliveryState;
  /** The time of the release in milliseconds since the epoch. All times of this type have this unit. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The time of the release, or of the last manual retry after the delivery had ended. */
  readonly since: number;
  /** The time when the next attempt is due; `null` if none is scheduled. */
  readonly nextAttemptAt: number | null;
  /** The number of rounds so far. A round may have tried several hosts. */
  readonly rounds: number;
  /** The number of logged attempts, see `Attempt`. */
  readonly attempts: number;
  /** The last outcome as a text: the reply of the server or a description of the error. */
  readonly reason: string | null;
  /** The enhanced status code of the last outcome (RFC 3463). */
  readonly status: string | null;
  /** The server of the last outcome. */
  readonly host: string | null;
  /** Whether the sender was notified of the delay. */
  readonly delayNotified: boolean;
  /** The notification of the sender that is still pending; `null` if none is pending. */
  readonly noticeDue: 'failed' | 'delayed' | null;
}

/** One connection to a server, or one failed try to connect. */
export interface Attempt {
  readonly delivery: string;
  readonly round: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The name of the mail server; `null` if no mail server was found. */
  readonly host: string | null;
  /** The IP address and port of the connection. */
  readonly address: string | null;
  readonly port: number | null;
  readonly outcome: AttemptOutcome;
  /** The reply of the server or a description of the error. */
  readonly reason: string;
  /** The TLS policy of the attempt, e.g. `opportunistic` or `MTA-STS enforce`. */
  readonly security: string;
  readonly tls: ClientTlsFacts | null;
  readonly transcript: readonly TranscriptLine[];
}

/** The final states, which a delivery leaves only by a retry. */
const FINAL: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'cancelled', 'unknown']);
export const isFinal = ({ state }: Pick<Delivery, 'state'>): boolean => FINAL.has(state);
