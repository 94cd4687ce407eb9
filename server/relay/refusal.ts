/** Why something is not released: nothing of it leaves. */

import type { RefusalCode } from '../../contract/names.ts';

export type { RefusalCode };

/** Key of the note on a message whose release a rule asked for in vain. */
export const REFUSED_RELAY = 'refused-relay';

/** That note. */
export interface RefusedRelayNote {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly code: RefusalCode;
  readonly reason: string;
}

export interface RefusedRecipient {
  readonly to: string;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** Thrown by `release`. */
export class RelayRefusal extends Error {
  override readonly name = 'RelayRefusal';
  readonly code: RefusalCode;
  /** Which recipients, where it is about some. */
  readonly recipients: readonly RefusedRecipient[];

  constructor(code: RefusalCode, message: string, recipients: readonly RefusedRecipient[] = []) {
    super(message);
    this.code = code;
    this.recipients = recipients;
  }
}
