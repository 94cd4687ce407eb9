/**
 * Defines the error that is thrown when the relay refuses to release (send) a captured message, and the note that is
 * stored with the message if a rule requested the release. A refused release sends the message to no recipient.
 */

import type { RefusalCode } from '../../contract/names.ts';

export type { RefusalCode };

/**
 * The key of the note that is stored with a message if a rule requested a release and the relay refused it.
 */
export const REFUSED_RELAY = 'refused-relay';

/** The note that is stored with a message if a rule requested a release and the relay refused it. */
export interface RefusedRelayNote {
  /** The time of the refusal in milliseconds since the epoch. */
  readonly at: number;
  readonly code: RefusalCode;
  readonly reason: string;
}

export interface RefusedRecipient {
  readonly to: string;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** The error that is thrown when the relay refuses a release (a request to send a captured message). */
export class RelayRefusal extends Error {
  override readonly name = 'RelayRefusal';
  readonly code: RefusalCode;
  /** The recipients that caused the refusal; empty if the refusal does not depend on recipients. */
  readonly recipients: readonly RefusedRecipient[];

  constructor(code: RefusalCode, message: string, recipients: readonly RefusedRecipient[] = []) {
    super(message);
    this.code = code;
    this.recipients = recipients;
  }
}
