/**
 * Accepts a message from SMTP or from the API: applies the rules of the stages `data` and `stored`,
 * determines the accounts, and stores the message. The changes that rules make to the message, and the
 * actions to perform after the reply, are committed together with the message.
 */
import { open } from 'node:fs/promises';
import type { Envelope, EnvelopePath, Origin, TranscriptLine } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import type { MessageOctets } from '../message/octets.ts';
import type { SmtpMessage } from '../smtp/handler.ts';
import { protocolFindings } from '../checks/protocol/index.ts';
import { job as protocolJob } from '../checks/protocol/job.ts';
import type { Manner } from '../smtp/departure.ts';
import { reply, replyText, SmtpReply, type Reply } from '../smtp/reply.ts';
import { ALL, type AccountName, type MessageId } from '../store/ids.ts';
import { isTemporary, type NewMessage, type NewMessageFile, type Store } from '../store/store.ts';
import { accountsFor, recipientAccount, type AccountRules } from './accounts.ts';
import type { Refusals } from './refusals.ts';
import type { Verdict } from '../rules/action.ts';
import { JudgedMessage, type Facts } from '../rules/facts.ts';
import type { Stage } from '../../contract/names.ts';
import { RuleDisconnect, type RuleSession, type SessionFacts, type Stages } from './stages.ts';
import { JobError } from '../thread/job.ts';
import { jobOctets } from '../thread/message-octets.ts';
import type { ThreadPool } from '../thread/pool.ts';
import type { CaptureWorld } from './world.ts';

/**
 * The maximum size in octets of a message for which the check `protocol` runs in the main thread. The check
 * reads about 200 MB a second, which means that a message of this size does not block the event loop
 * noticeably.
 */
const CHECKED_AT_ONCE = 1 << 20;
/** The maximum number of octets at the beginning of a message that are read for the tags in its header. */
const HEAD = 1 << 16;

interface IntakeParts extends AccountRules {
  readonly store: Store;
  readonly stages: Stages;
  readonly refusals: Refusals;
  readonly world: CaptureWorld;
  readonly threads: ThreadPool;
  /** Returns the tags that the header of a message names; absent if header fields set no tags. */
  readonly tagsIn?: (head: Buffer) => readonly string[];
}

/** The SMTP session or the API submission that delivered a message. */
export interface Arrival {
  readonly rules: RuleSession;
  readonly facts: SessionFacts;
  readonly origin: Origin;
  /** Returns the transcript to store; its last line is the reply that is about to be sent. */
  transcript(last: Reply): readonly TranscriptLine[];
}

/** The result of accepting a message; `id` is `null` when the message was discarded. */
interface Taken {
  readonly id: MessageId | null;
  readonly reply: Reply;
}

/**
 * Returns the custom reply with which a rule accepts the message; `undefined` if no rule gave a custom reply.
 */
export const agreedReply = (verdict: Verdict | undefined): Reply | undefined =>
  verdict?.kind === 'accept' ? verdict.reply : undefined;

export class Intake {
  readonly #parts: IntakeParts;
  /** The number of messages stored since the start. */
  captured = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  accountOf(address: string): AccountName {
    return recipientAccount(address, this.#parts);
  }

  factsAt(
    stage: Stage,
    session: SessionFacts,
    from: EnvelopePath | null,
    rcpt: readonly EnvelopePath[],
    message: JudgedMessage | null = null,
  ): Facts {
    const accounts = rcpt.map(({ address }) => this.accountOf(address));
    return {
      ...session,
      stage,
      from: from?.address ?? null,
      rcpt: rcpt.map(({ address }) => address),
      declaredSize: Number(from?.parameters['SIZE'] ?? 0),
      accounts: session.user === null ? accounts : [...accounts, this.accountOf(session.user)],
      message,
    };
  }

  /** Converts a message that is not stored yet to the form that the queries of rules examine. */
  judge(octets: MessageOctets, envelope: Envelope, origin: Origin, now: number): JudgedMessage {
    return new JudgedMessage(octets, envelope, origin, now, this.#parts.threads);
  }

  /**
   * Accepts or discards a message. Throws `RuleReply` or `RuleDisconnect` when a rule refuses the message or drops
   * the connection.
   */
  async take(arrival: Arrival, { octets, envelope, manner }: SmtpMessage): Promise<Taken> {
    const { store, stages, refusals, world } = this.#parts;
    const { rules, facts, origin } = arrival;
    const { from, to } = envelope;
    const id = store.messages.newId();
    const judged = stages.idle ? null : this.judge(octets, envelope, origin, world.clock());
    const verdict =
      judged === null ? undefined : await stages.ask(rules, this.factsAt('data', facts, from, to, judged));
    const accepted = agreedReply(verdict) ?? reply(250, '2.0.0', `Ok: queued as ${id}`);
    if (verdict?.kind === 'discard' || isForNobody(rules, envelope)) {
      refusals.add({ origin }, envelope, `${replyText(accepted)} (discarded)`, rules.last?.name ?? null);
      return { id: null, reply: accepted };
    }
    const dropped =
      judged === null ? null : await this.#askStored(rules, this.factsAt('stored', facts, from, to, judged));
    const accounts = await this.#accounts(rules, envelope, origin.user);
    const due = world.due(rules.plan.effects, id);
    const tags = new Set([...rules.plan.tags, ...(await this.#headerTags(octets))]);
    await this.#store({
      id,
      ...(Buffer.isBuffer(octets) ? { raw: octets } : { file: octets }),
      envelope,
      origin,
      transcript: arrival.transcript(accepted),
      findings: await this.#protocolFindings(octets, envelope, manner),
      targets: accounts.map((account) => ({ account })),
      ...(tags.size === 0 ? {} : { tags: [...tags] }),
      ...(rules.hits.length === 0 ? {} : { notes: { rules: rules.hits } }),
      ...(due.records.length === 0 ? {} : { records: due.records }),
    });
    this.captured++;
    // The actions that rules planned begin in the next turn of the event loop, because SMTP sends the reply in
    // this turn.
    setImmediate(() => due.begin());
    if (dropped !== null) throw dropped;
    return { id, reply: accepted };
  }

  /** Returns the tags that the beginning of the message names. */
  async #headerTags(octets: MessageOctets): Promise<readonly string[]> {
    const { tagsIn } = this.#parts;
    if (tagsIn === undefined) return [];
    if (Buffer.isBuffer(octets)) return tagsIn(octets.subarray(0, HEAD));
    const file = await open(octets.file);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return tagsIn(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  /**
   * Returns the findings of the check `protocol`; an empty list when a worker thread cannot parse the message
   * within its limits of time and memory.
   */
  async #protocolFindings(
    octets: MessageOctets,
    envelope: Envelope,
    manner: Manner,
  ): Promise<readonly Finding[]> {
    if (Buffer.isBuffer(octets) && octets.length < CHECKED_AT_ONCE)
      return protocolFindings(octets, envelope, manner);
    const { threads, world } = this.#parts;
    try {
      return await threads.run(protocolJob, async () => ({ raw: await jobOctets(octets), envelope, manner }));
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      world.logger.warn({ err: error }, 'capture: the check of the protocol could not read a message');
      return [];
    }
  }

  /**
   * Stores a message. When the store cannot be written, throws an `SmtpReply` with a temporary code and the
   * reason, so that the client retries later (RFC 5321 §4.2.3).
   */
  async #store(message: NewMessage | NewMessageFile): Promise<void> {
    try {
      await this.#parts.store.messages.add(message);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      if (error.isDiskFull)
        throw new SmtpReply(452, '4.3.1', 'Insufficient system storage: the disk is full');
      if (error.code === 'busy') throw new SmtpReply(452, '4.3.2', error.message);
      throw new SmtpReply(451, '4.3.0', error.message);
    }
  }

  /**
   * Applies the rules of the stage `stored`. Returns the `RuleDisconnect` of a rule that drops the connection
   * (the caller throws it after the message has been stored); otherwise returns `null`.
   */
  async #askStored(rules: RuleSession, facts: Facts): Promise<RuleDisconnect | null> {
    try {
      await this.#parts.stages.ask(rules, facts);
      return null;
    } catch (error) {
      if (error instanceof RuleDisconnect) return error;
      throw error;
    }
  }

  async #accounts({ plan }: RuleSession, envelope: Envelope, user: string | null): Promise<AccountName[]> {
    const { store } = this.#parts;
    const to = envelope.to.filter(({ address }) => !plan.discarded.has(address));
    const own = plan.insteadOfRecipients
      ? []
      : await accountsFor({ ...envelope, to }, user, this.#parts, (name) => store.accounts.get(name));
    return [...new Set([...own, ...plan.accounts])].filter((name) => name !== ALL);
  }
}

/** Returns whether the rules discard the message for every recipient and deliver it to no other account. */
function isForNobody({ plan }: RuleSession, { to }: Envelope): boolean {
  return plan.accounts.size === 0 && to.length > 0 && to.every(({ address }) => plan.discarded.has(address));
}
