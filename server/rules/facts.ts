/** The facts of the SMTP session that rules can test at a stage. */
import type { Envelope, Origin } from '../message/envelope.ts';
import { octetCount, type MessageOctets } from '../message/octets.ts';
import type { AccountName } from '../store/ids.ts';
import type { Query } from '../store/find/language/ast.ts';
import type { Candidate } from '../store/find/language/candidate.ts';
import { LARGE, matchesInSlices } from '../store/find/language/match.ts';
import { TimeSlice } from '../async/time-slice.ts';
import { jobOctets } from '../thread/message-octets.ts';
import type { ThreadPool } from '../thread/pool.ts';
import { job } from './judge-job.ts';
import type { Stage } from '../../contract/names.ts';

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

/** A message that is not stored yet, for the queries of rules; it is read when the first query needs it. */
export class JudgedMessage {
  readonly #make: () => Promise<Candidate>;
  #candidate: Promise<Candidate> | null = null;

  /**
   * @param now milliseconds since the epoch.
   * @param threads where a large message is read
   */
  constructor(octets: MessageOctets, envelope: Envelope, { user }: Origin, now: number, threads: ThreadPool) {
    const size = octetCount(octets);
    this.#make = async () => {
      const { digest, searchable } =
        Buffer.isBuffer(octets) && size < LARGE
          ? await job.run({ raw: octets, envelope })
          : await threads.run(job, async () => ({ raw: await jobOctets(octets), envelope }));
      return {
        summary: {
          // The message is not stored yet, so it has no id.
          id: '',
          receivedAt: now,
          size,
          ...digest,
          envelope: { from: envelope.from.address, to: envelope.to.map(({ address }) => address) },
          user,
          tags: [],
        },
        seen: false,
        flagged: false,
        headers: () => searchable.headers,
        foldedText: () => searchable.text,
        filenames: () => searchable.filenames,
      };
    };
  }

  /** Rejects with a `JobError` where the message cannot be read in time. */
  async matches(query: Query): Promise<boolean> {
    this.#candidate ??= this.#make();
    const candidate = await this.#candidate;
    return matchesInSlices(query, candidate, new TimeSlice());
  }
}
