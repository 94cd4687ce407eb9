/** The facts of an SMTP session that rules can test at a stage. */
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
  /** The client's IP address without port; `null` if the message was not received over a connection. */
  readonly ip: string | null;
  /** The listener's port; 0 if the message was not received by a listener. */
  readonly port: number;
  readonly helo: string | null;
  readonly user: string | null;
  readonly tls: boolean;
  /** The address of the envelope sender; `null` before MAIL. */
  readonly from: string | null;
  /** The current recipient at the stage `rcpt`, all recipients at later stages, empty at earlier ones. */
  readonly rcpt: readonly string[];
  /** The number of octets that MAIL declared with SIZE; 0 without SIZE. */
  readonly declaredSize: number;
  /** The accounts that the message is for. */
  readonly accounts: readonly AccountName[];
  /** The message; `null` before the stage `data`. */
  readonly message: JudgedMessage | null;
}

/** A message that is not stored yet, for the queries of rules. It is parsed when the first query needs it. */
export class JudgedMessage {
  readonly #make: () => Promise<Candidate>;
  #candidate: Promise<Candidate> | null = null;

  /**
   * @param now milliseconds since the epoch
   * @param threads the pool in which a large message is parsed
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

  /**
   * Returns whether the message matches a query. Rejects with a `JobError` if the message cannot be parsed in
   * time.
   */
  async matches(query: Query): Promise<boolean> {
    this.#candidate ??= this.#make();
    const candidate = await this.#candidate;
    return matchesInSlices(query, candidate, new TimeSlice());
  }
}
