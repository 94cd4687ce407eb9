/**
 * Capture, the sandbox's inbound act: answers the SMTP server at every stage, by the rules where there are any, and
 * puts what it takes into the store. Mail that comes by the API goes the same way.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Envelope, EnvelopePath, TranscriptLine } from '../message/envelope.ts';
import type { MessageOctets } from '../message/octets.ts';
import type { SmtpHandler, SmtpSession } from '../smtp/handler.ts';
import { replyLines, replyText, type Reply } from '../smtp/reply.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { ThreadPool } from '../thread/pool.ts';
import { recipientAccount, type AccountRules } from './accounts.ts';
import { agreedReply, Intake } from './intake.ts';
import { OpenSessions, type OpenSession } from './open-sessions.ts';
import { Refusals, type Refusal } from './refusals.ts';
import type { Generated, RelayHook, Verdict } from '../rules/action.ts';
import { LoopGuard } from '../relay/loop-guard.ts';
import { Rules, type Explanation } from '../rules/engine.ts';
import type { Facts } from '../rules/facts.ts';
import type { Webhooks } from '../rules/webhooks.ts';
import { RuleDisconnect, RuleReply, RuleSession, sessionFacts, Stages, type SessionFacts } from './stages.ts';
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
  const ruleSessions = new WeakMap<SmtpSession, RuleSession>();

  /** The recipient that a session is asking for, and sessions whose transaction was refused a recipient. */
  const asking = new WeakMap<SmtpSession, EnvelopePath>();
  const turnedAway = new WeakSet<SmtpSession>();

  /** What follows from a refusal explains nothing more: a DATA without recipients, a client that gives up. */
  const followsFromRefusal = (session: SmtpSession, envelope: Envelope | null): boolean =>
    envelope?.to.length === 0 && turnedAway.has(session);

  function ruleSession(session: SmtpSession): RuleSession {
    let found = ruleSessions.get(session);
    if (found === undefined) ruleSessions.set(session, (found = new RuleSession(session)));
    return found;
  }

  /** A connection that a rule drops is remembered with the rule. */
  async function remembering<T>(
    session: SmtpSession,
    envelope: Envelope | null,
    act: () => Promise<T>,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof RuleDisconnect) {
        refusals.add(session, envelope, 'The connection was dropped', error.rule);
      }
      throw error;
    }
  }

  /** Asks the rules of a stage before the message; recipients' own addresses may say something even without rules. */
  async function ask(
    session: SmtpSession,
    stage: Facts['stage'],
    from: EnvelopePath | null = null,
    rcpt: readonly EnvelopePath[] = [],
    more: Partial<SessionFacts> = {},
  ): Promise<Verdict | undefined> {
    if (stages.passes(stage, rcpt[0])) return undefined;
    const facts = intake.factsAt(stage, { ...sessionFacts(session), ...more }, from, rcpt);
    const envelope = from === null ? null : { from, to: rcpt };
    return remembering(session, envelope, () => stages.ask(ruleSession(session), facts));
  }

  /** The reply is part of the dialogue that is kept, so it is told before it is sent. */
  function transcriptWith(session: SmtpSession, last: Reply): readonly TranscriptLine[] {
    const said = session.transcript();
    const at = said.at(-1)?.at ?? 0;
    return [...said, ...replyLines(last).map((text) => ({ at, from: 'server' as const, text }))];
  }

  return {
    listed: auth.listed,
    rules,
    webhooks: world.webhooks,
    async start() {
      const warnings = await rules.load();
      await world.start();
      return warnings;
    },
    async connect(session) {
      sessions.opened(session);
      return agreedReply(await ask(session, 'connect'));
    },
    helo: async (session, helo) => agreedReply(await ask(session, 'helo', null, [], { helo })),
    starttls: async (session) => agreedReply(await ask(session, 'starttls')),
    secret: (user) => auth.secret(user),
    async auth(session, { failure, user }) {
      if (failure === null) return agreedReply(await ask(session, 'auth', null, [], { user }));
      session.note(`Not authenticated: ${failure}`);
      return undefined;
    },
    async mail(session, from) {
      turnedAway.delete(session);
      ruleSession(session).begin();
      const agreed = agreedReply(await ask(session, 'mail', from));
      sessions.began(session, from);
      return agreed;
    },
    async rcpt(session, to, { from }) {
      asking.set(session, to);
      const verdict = await ask(session, 'rcpt', from, [to]);
      asking.delete(session);
      if (verdict?.kind === 'discard') ruleSession(session).plan.discarded.add(to.address);
      sessions.named(session, to);
      return agreedReply(verdict);
    },
    data: async (session, { from, to }) => agreedReply(await ask(session, 'predata', from, to)),
    async message(session, message) {
      const arrival = {
        rules: ruleSession(session),
        facts: sessionFacts(session),
        origin: session.origin,
        transcript: (last: Reply) => transcriptWith(session, last),
      };
      const taken = await remembering(session, message.envelope, () => intake.take(arrival, message));
      sessions.finished(session);
      return taken.reply;
    },
    reset: (session) => sessions.finished(session),
    refused(session, envelope, refusal) {
      const rule = refusal instanceof RuleReply ? refusal.rule : null;
      const asked = asking.get(session);
      asking.delete(session);
      if (asked === undefined && followsFromRefusal(session, envelope)) return;
      if (asked !== undefined) turnedAway.add(session);
      const meant = envelope && asked ? { ...envelope, to: [...envelope.to, asked] } : envelope;
      refusals.add(session, meant, replyText(refusal), rule);
    },
    close(session, unfinished) {
      sessions.closed(session);
      if (unfinished === null || followsFromRefusal(session, unfinished)) return;
      refusals.add(session, unfinished, 'The connection ended before the message', null);
    },
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
