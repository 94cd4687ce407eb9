/**
 * Defines deliveries and attempts. A delivery is one message to one recipient, with its outcome. An attempt
 * is one connection to a server (or one failure to connect) for a delivery.
 */
import type { AttemptOutcome, DeliveryState, ReleaseCause } from '../../contract/names.ts';
import type { TranscriptLine } from '../message/envelope.ts';
import type { ClientTlsFacts } from '../smtp/client/index.ts';
import type { MessageId } from '../store/ids.ts';
import type { Owned } from '../store/ownership.ts';

export type { AttemptOutcome, DeliveryState, ReleaseCause };

/** The owner of a delivery is the node that sends it. */
export interface Delivery extends Owned {
  readonly id: string;
  /**
   * The id of the release: the request, by a person, a rule or auto-relay, to send a message. All deliveries
   * of one release share the id.
   */
  readonly release: string;
  readonly message: MessageId;
  /** The subject of the message, stored so that it can be displayed after the message was deleted. */
  readonly subject: string;
  /** The reverse-path (the sender's address); empty for `<>`. */
  readonly from: string;
  readonly to: string;
  readonly by: ReleaseCause;
  /**
   * Whether the message is sent to a recipient for whom it was not captured; it then gets Resent fields (RFC
   * 5322 §3.6.6).
   */
  readonly resent: boolean;
  readonly state: DeliveryState;
  /**
   * The time when the message was released to the relay, in milliseconds since the epoch. All times in
   * `Delivery` have this unit.
   */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The time of the release, or of the last manual retry after the delivery had failed or was cancelled. */
  readonly since: number;
  /** The time when the next attempt is due; `null` if none is scheduled. */
  readonly nextAttemptAt: number | null;
  /** The number of rounds of delivery attempts so far. In one round, several hosts may have been tried. */
  readonly rounds: number;
  /** The number of logged attempts (connections) of the delivery, see `Attempt`. */
  readonly attempts: number;
  /** The reason for the last outcome: the reply of the server or a description of the error. */
  readonly reason: string | null;
  /** The enhanced status code of the last outcome (RFC 3463). */
  readonly status: string | null;
  /** The name of the server that caused the last outcome. */
  readonly host: string | null;
  /** Whether the sender was notified that the delivery is delayed. */
  readonly delayNotified: boolean;
  /** The kind of the notice that must still be sent to the sender; `null` if none is pending. */
  readonly noticeDue: 'failed' | 'delayed' | null;
}

/** One connection to a mail server, or one failure to connect. */
export interface Attempt {
  readonly delivery: string;
  readonly round: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The name of the mail server; `null` if no mail server was found. */
  readonly host: string | null;
  /** The IP address and port of the server. */
  readonly address: string | null;
  readonly port: number | null;
  readonly outcome: AttemptOutcome;
  /** The result of the attempt, as a text: the reply of the server, or a description of the error. */
  readonly reason: string;
  /** The name of the TLS policy that the attempt followed, e.g. `opportunistic` or `MTA-STS enforce`. */
  readonly security: string;
  readonly tls: ClientTlsFacts | null;
  readonly transcript: readonly TranscriptLine[];
}

/** The final states of a delivery, which a delivery leaves only when a person retries it. */
const FINAL: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'cancelled', 'unknown']);
export const isFinal = ({ state }: Pick<Delivery, 'state'>): boolean => FINAL.has(state);
