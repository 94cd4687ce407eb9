/** What a rule may judge at a stage. */
import type { Envelope } from '../../message/envelope.ts';
import type { AccountName } from '../../store/ids.ts';
import { matches } from '../../store/query/match.ts';
import { readMessage } from '../../store/prepare.ts';
import { MessageCandidate } from '../../store/list/candidate.ts';
import type { MessageId } from '../../store/ids.ts';
import type { Origin } from '../../message/envelope.ts';
import type { Query } from '../../store/query/ast.ts';
import type { Stage } from './rule.ts';

export interface Facts {
  readonly stage: Stage;
  readonly session: string | null;
  /** Client's address without port. */
  readonly ip: string | null;
  /** Listener's port; 0 where there is none. */
  readonly port: number;
  readonly helo: string | null;
  readonly user: string | null;
  readonly tls: boolean;
  /** Sender of the envelope; `null` before MAIL. */
  readonly from: string | null;
  /** The recipient at hand at `rcpt`, all of them later, none before. */
  readonly rcpt: readonly string[];
  /** Octets that MAIL declared with SIZE; 0 when it did not. */
  readonly declaredSize: number;
  /** Accounts that are concerned. */
  readonly accounts: readonly AccountName[];
  /** `null` before `data`. */
  readonly message: JudgedMessage | null;
}

/** A message that queries can be asked of before it is stored; it is read when the first one is. */
export class JudgedMessage {
  readonly raw: Buffer;
  readonly #make: () => MessageCandidate;
  #candidate: MessageCandidate | null = null;

  constructor(raw: Buffer, envelope: Envelope, origin: Origin, now: number) {
    this.raw = raw;
    this.#make = () => {
      const { summary } = readMessage({ raw, envelope, origin, targets: [] }, 'unstored' as MessageId, now);
      // A message that is not stored has no number yet; nothing that is matched looks at it.
      const numbered = { ...summary, seq: 0 as never };
      return new MessageCandidate(numbered, { seen: false, flagged: false }, () => raw);
    };
  }

  matches(query: Query): boolean {
    this.#candidate ??= this.#make();
    return matches(query, this.#candidate);
  }
}
