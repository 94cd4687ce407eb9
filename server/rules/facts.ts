/** The properties of an SMTP session and its message that the conditions of rules test at a stage. */
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
  /** The client's IP address without the port; `null` if the message was not received over a connection. */
  readonly ip: string | null;
  /**
   * The port of the listener that accepted the connection; 0 if the message was not received by a listener.
   */
  readonly port: number;
  readonly helo: string | null;
  readonly user: string | null;
  readonly tls: boolean;
  /** The address of the envelope sender; `null` before MAIL. */
  readonly from: string | null;
  /**
   * The addresses of the recipients: at the stage `rcpt` the current recipient, at later stages all recipients;
   * empty at earlier stages.
   */
  readonly rcpt: readonly string[];
  /** The size of the message in octets that MAIL declared with the parameter SIZE; 0 without SIZE. */
  readonly declaredSize: number;
  /** The accounts that will receive the message. */
  readonly accounts: readonly AccountName[];
  /** The message; `null` before the stage `data`, at which it is received. */
  readonly message: JudgedMessage | null;
}

/**
 * A message that is not stored yet, which the queries of rules examine. The message is parsed when the first
 * query needs it.
 */
export class JudgedMessage {
  readonly #make: () => Promise<Candidate>;
  #candidate: Promise<Candidate> | null = null;

  /**
   * Creates a message from its bytes.
   *
   * @param now the time of receipt in milliseconds since the epoch
   * @param threads the worker threads that parse a large message
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
   * Returns whether the message matches a query. Rejects with a `JobError` if the message cannot be parsed
   * within the time limit.
   */
  async matches(query: Query): Promise<boolean> {
    this.#candidate ??= this.#make();
    const candidate = await this.#candidate;
    return matchesInSlices(query, candidate, new TimeSlice());
  }
}
