/**
 * Capture, the sandbox's inbound act: answers the SMTP server at every stage, by the rules where there are any, and
 * puts what it takes into the store. Mail that comes by the API goes the same way.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Envelope } from '../message/envelope.ts';
import type { MessageOctets } from '../message/octets.ts';
import type { SmtpHandler } from '../smtp/handler.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { ThreadPool } from '../thread/pool.ts';
import { recipientAccount, type AccountRules } from './accounts.ts';
import { Intake } from './intake.ts';
import { OpenSessions, type OpenSession } from './open-sessions.ts';
import { Refusals, type Refusal } from './refusals.ts';
import type { Generated, RelayHook } from '../rules/action.ts';
import { LoopGuard } from '../relay/loop-guard.ts';
import { Rules, type Explanation } from '../rules/engine.ts';
import type { Webhooks } from '../rules/webhooks.ts';
import { Stages, type SessionFacts } from './stages.ts';
import { CaptureSession } from './session.ts';
import { explain, submit, type Submission } from './submission.ts';
import { CaptureWorld } from './world.ts';

export { SmtpReply } from '../smtp/reply.ts';
export { RuleError } from '../rules/engine.ts';
export type { Submission } from './submission.ts';

export interface CaptureOptions extends AccountRules {
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Name of this server in what it writes itself; this machine's when absent. */
  readonly hostname?: string;
  /** Absent where there is no relay. */
  readonly relay?: RelayHook | null;
  /** Knows where this sandbox listens; without it, only chains of generated mail are stopped. */
  readonly guard?: LoopGuard;
  /** Where large messages are read for the lint and for the queries of rules; in the calling thread when absent. */
  readonly threads?: ThreadPool;
}

export interface Capture extends SmtpHandler {
  readonly rules: Rules;
  readonly webhooks: Webhooks;
  /** Reads the rules that are kept and goes on with effects that are due; returns warnings, line by line. */
  start(): Promise<readonly string[]>;
  /** Takes a message as if by SMTP. Throws the `SmtpReply` that refuses it. */
  submit(octets: MessageOctets, envelope: Envelope): Promise<Submission>;
  /** Takes a message that this sandbox makes itself, past every rule. */
  generate(message: Generated): Promise<MessageId>;
  /** What each rule would do with a message, without doing it. */
  explain(raw: Buffer, envelope: Envelope, session?: Partial<SessionFacts>): Promise<readonly Explanation[]>;
  /** SMTP sessions refused or abandoned at or after an instant, oldest first. */
  refusals(since: number): readonly Refusal[];
  /** SMTP sessions that may still bring an account a message; all that are open without one. */
  openSessions(account?: AccountName): readonly OpenSession[];
  /** Counted since the start. */
  readonly counts: { readonly captured: number; readonly refused: number; readonly handshakes: number };
  /** Remembers a client that failed at TLS. `reason` is one sentence for people. */
  handshakeFailed(protocol: string, peer: string | null, reason: string): void;
  /** Ends what waits, so that servers can close; after them, `stop`. */
  stopWaiting(): void;
  /** Lets what goes on in the background finish, within bounds. */
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
    submit: (octets, envelope) => submit(intake, stages, octets, envelope),
    generate: (message) => world.generate(message),
    explain: (raw, envelope, session = {}) => explain(intake, rules, raw, envelope, session, clock()),
    refusals: (since) => refusals.since(since),
    openSessions: (account) => sessions.list(account),
    get counts() {
      return { captured: intake.captured, refused: refusals.total, handshakes: refusals.handshakes };
    },
    handshakeFailed: (protocol, peer, reason) => refusals.addHandshake(protocol, peer, reason),
    stopWaiting: () => world.stopWaiting(),
    async stop() {
      rules.close();
      await world.close();
    },
  };
}
