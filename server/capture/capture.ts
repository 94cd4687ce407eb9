/**
 * Captures mail: decides the replies of the SMTP server at every stage of a session, by the user's rules if
 * there are any, and stores the accepted messages. Messages that are submitted through the API are processed
 * in the same way.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Envelope } from '../message/envelope.ts';
import type { MessageOctets } from '../message/octets.ts';
import type { SmtpHandler } from '../smtp/handler.ts';
import { ALL, type AccountName, type MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { ThreadPool } from '../thread/pool.ts';
import { recipientAccount, type AccountRules } from './accounts.ts';
import { Intake } from './intake.ts';
import { OpenSessions, type OpenSession } from './open-sessions.ts';
import { Refusals, type Refusal } from './refusals.ts';
import type { Generated, RelayHook } from '../rules/action.ts';
import { LoopGuard } from '../relay/loop-guard.ts';
import { Rules, type Explanation } from '../rules/engine.ts';
import type { ForeignWebhooks, Webhooks } from '../rules/webhooks.ts';
import { Stages, type SessionFacts } from './stages.ts';
import { CaptureSession } from './session.ts';
import { explain, submit, type ProviderClient, type Submission } from './submission.ts';
import { CaptureWorld } from './world.ts';

export type { ProviderClient, Submission } from './submission.ts';

export interface CaptureOptions extends AccountRules {
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a uniformly distributed random number in [0, 1). */
  readonly random: () => number;
  /** The server's host name in messages that the server generates; the machine's host name when absent. */
  readonly hostname?: string;
  /** Relays a message for the rule action `relay`; absent if no relay is configured. */
  readonly relay?: RelayHook | null;
  /**
   * The guard that detects mail loops, and knows the addresses of this sandbox's listeners. Without the guard,
   * only long chains of generated mail are stopped.
   */
  readonly guard?: LoopGuard;
  /**
   * The worker threads that parse large messages for the check `protocol` and for the queries of rules; when
   * absent, the calling thread parses them.
   */
  readonly threads?: ThreadPool;
  /** The request forms of other tools for webhooks; without them, all webhook requests have the form of Restante. */
  readonly foreignWebhooks?: ForeignWebhooks;
  /** Returns the tags that the header of a message names; absent if header fields set no tags. */
  readonly tagsIn?: (head: Buffer) => readonly string[];
}

export interface Capture extends SmtpHandler {
  readonly rules: Rules;
  readonly webhooks: Webhooks;
  /**
   * Loads the stored rules, and resumes the rule actions that were pending when the previous process ended.
   * Returns warnings for the user, one line each.
   */
  start(): Promise<readonly string[]>;
  /**
   * Captures a message as if it had been received by SMTP. Throws an `SmtpReply` if a rule refuses the
   * message.
   *
   * @param client the client of an emulated provider's API; absent for Restante's own API
   */
  submit(octets: MessageOctets, envelope: Envelope, client?: ProviderClient): Promise<Submission>;
  /** Stores a message that this sandbox has generated (for example a bounce), without applying rules. */
  generate(message: Generated): Promise<MessageId>;
  /** Returns what each rule would do with a message, without performing any action. */
  explain(raw: Buffer, envelope: Envelope, session?: Partial<SessionFacts>): Promise<readonly Explanation[]>;
  /**
   * Returns the SMTP sessions that were refused or abandoned at or after the given time (milliseconds since the
   * epoch), oldest first.
   */
  refusals(since: number): readonly Refusal[];
  /**
   * Returns the open SMTP sessions that may still deliver a message to the given account; without an account,
   * returns all open sessions.
   */
  openSessions(account?: AccountName): readonly OpenSession[];
  /** Returns the result of `refusals` on all servers that use the store, oldest first. */
  allRefusals(since: number): Promise<readonly Refusal[]>;
  /** Returns the result of `openSessions` on all servers that use the store. */
  allOpenSessions(account?: AccountName): Promise<readonly OpenSession[]>;
  /** The numbers of captured messages, refused sessions and failed TLS handshakes since the start. */
  readonly counts: { readonly captured: number; readonly refused: number; readonly handshakes: number };
  /** Records that the TLS handshake with a client failed. `reason` is one sentence for the user. */
  handshakeFailed(protocol: string, peer: string | null, reason: string): void;
  /**
   * Ends all pauses that rules have requested, so that the servers can close; `stop` is called after the
   * servers have closed.
   */
  stopWaiting(): void;
  /** Waits, up to a time limit, until the rule actions that run in the background have finished. */
  stop(): Promise<void>;
}

export function createCapture(options: CaptureOptions): Capture {
  const { store, auth, clock, random } = options;
  const refusals = new Refusals(clock, store.changes);
  const rules = new Rules({ store, clock, random });
  const accountOf = (address: string): AccountName => recipientAccount(address, options);
  const world = new CaptureWorld({
    ...options,
    hostname: options.hostname ?? hostname(),
    relay: options.relay ?? null,
    guard: options.guard ?? new LoopGuard(),
    accountOf,
    failed: (rule, failure) => rules.failed(rule, failure),
  });
  const stages = new Stages(rules, world);
  const threads = options.threads ?? new ThreadPool({ file: null });
  const intake = new Intake({ ...options, stages, refusals, world, threads });
  const sessions = new OpenSessions(accountOf);
  const noLongerAnswer = [
    store.nodes.answer<number, readonly Refusal[]>('refusals', async (since) => refusals.since(since)),
    store.nodes.answer<AccountName, readonly OpenSession[]>('open-sessions', async (of) => sessions.list(of)),
  ];
  return {
    listed: auth.listed,
    rules,
    webhooks: world.webhooks,
    async start() {
      const warnings = await rules.load();
      await world.start();
      return warnings;
    },
    secret: (user) => auth.secret(user),
    open: (session) => new CaptureSession(session, { stages, intake, refusals, sessions }),
    submit: (octets, envelope, client) =>
      submit({ intake, stages, refusals }, { octets, envelope, ...(client === undefined ? {} : { client }) }),
    generate: (message) => world.generate(message),
    explain: (raw, envelope, session = {}) => explain(intake, rules, raw, envelope, session, clock()),
    refusals: (since) => refusals.since(since),
    openSessions: (account) => sessions.list(account),
    async allRefusals(since) {
      const others = await store.nodes.ask<readonly Refusal[]>('refusals', since);
      const all = [...refusals.since(since), ...others.flat()];
      return others.length === 0 ? all : all.sort((a, b) => a.at - b.at);
    },
    async allOpenSessions(account = ALL) {
      const others = await store.nodes.ask<readonly OpenSession[]>('open-sessions', account);
      return [...sessions.list(account), ...others.flat()];
    },
    get counts() {
      return { captured: intake.captured, refused: refusals.total, handshakes: refusals.handshakes };
    },
    handshakeFailed: (protocol, peer, reason) => refusals.addHandshake(protocol, peer, reason),
    stopWaiting: () => world.stopWaiting(),
    async stop() {
      for (const end of noLongerAnswer) end();
      await rules.close();
      await world.close();
    },
  };
}
