/** What a rule may judge at a stage. */
import type { Envelope, Origin } from '../../message/envelope.ts';
import { parseStructure } from '../../message/parse.ts';
import { filenames, searchText } from '../../message/search-text.ts';
import { summarize } from '../../message/summary.ts';
import type { AccountName, MessageId, Seq } from '../../store/ids.ts';
import { fold } from '../../store/query/fold.ts';
import type { Query } from '../../store/query/ast.ts';
import { matches, type Candidate } from '../../store/query/match.ts';
import type { Stage } from './stage.ts';

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
  readonly #make: () => Candidate;
  #candidate: Candidate | null = null;

  /** @param now milliseconds since the epoch. */
  constructor(raw: Buffer, envelope: Envelope, { user }: Origin, now: number) {
    this.raw = raw;
    this.#make = () => {
      const structure = parseStructure(raw);
      return {
        summary: {
          // Not stored yet: it has no id to ask for, and no number.
          id: '' as MessageId,
          seq: 0 as Seq,
          receivedAt: now,
          size: raw.length,
          ...summarize(raw, structure, envelope),
          envelope: { from: envelope.from.address, to: envelope.to.map(({ address }) => address) },
          user,
          tags: [],
        },
        seen: false,
        flagged: false,
        headers: () => structure.root.headers,
        foldedText: () => fold(searchText(raw, structure)),
        filenames: () => filenames(structure),
      };
    };
  }

  matches(query: Query): boolean {
    this.#candidate ??= this.#make();
    return matches(query, this.#candidate);
  }
}
