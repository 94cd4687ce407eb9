/** A delivery: one message to one recipient with an outcome. An attempt: one connection, or try at one, for it. */
import type { AttemptOutcome, DeliveryState, ReleaseCause } from '../../contract/names.ts';
import type { TranscriptLine } from '../message/envelope.ts';
import type { ClientTlsFacts } from '../smtp/client/index.ts';
import type { MessageId } from '../store/ids.ts';

export type { AttemptOutcome, DeliveryState, ReleaseCause };

export interface Delivery {
  readonly id: string;
  /** Deliveries asked for in one call share it. */
  readonly release: string;
  readonly message: MessageId;
  /** Subject of the message, for the reader once the message is gone. */
  readonly subject: string;
  /** Reverse-path; empty for `<>`. */
  readonly from: string;
  readonly to: string;
  readonly by: ReleaseCause;
  /** Whether the recipient is another than the message was captured for: it goes out with Resent fields. */
  readonly resent: boolean;
  readonly state: DeliveryState;
  /** Milliseconds since the epoch, as all instants here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When the present effort began: the release, or a retry of what had ended. */
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
  /** Whether the sender was told of the delay. */
  readonly delayNotified: boolean;
  /** What the sender is still to be told. */
  readonly noticeDue: 'failed' | 'delayed' | null;
}

/** One connection, or try at one. */
export interface Attempt {
  readonly delivery: string;
  readonly round: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The mail server by name; `null` when there was none to try. */
  readonly host: string | null;
  /** Address and port tried. */
  readonly address: string | null;
  readonly port: number | null;
  readonly outcome: AttemptOutcome;
  /** The reply, or what went wrong. */
  readonly reason: string;
  /** What was asked of TLS, e.g. `opportunistic` or `MTA-STS enforce`. */
  readonly security: string;
  readonly tls: ClientTlsFacts | null;
  readonly transcript: readonly TranscriptLine[];
}

/** States that nothing comes after by itself. */
const FINAL: ReadonlySet<DeliveryState> = new Set(['delivered', 'failed', 'cancelled', 'unknown']);
export const isFinal = ({ state }: Pick<Delivery, 'state'>): boolean => FINAL.has(state);
