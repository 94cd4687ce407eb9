/** The refusal of a release: nothing of the release is sent. */

import type { RefusalCode } from '../../contract/names.ts';

export type { RefusalCode };

/** The key of the note on a message whose release, requested by a rule, was refused. */
export const REFUSED_RELAY = 'refused-relay';

/** The note on a message whose release, requested by a rule, was refused. */
export interface RefusedRelayNote {
  /** The time in milliseconds since the epoch. */
  readonly at: number;
  readonly code: RefusalCode;
  readonly reason: string;
}

export interface RefusedRecipient {
  readonly to: string;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** The error of a refused release. */
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
