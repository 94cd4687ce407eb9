/**
 * The SMTP handler of one session: applies the rules at every stage of the session and passes complete
 * messages to the `Intake`, which stores them.
 */
import type { Envelope, EnvelopePath, TranscriptLine } from '../message/envelope.ts';
import type { Verdict } from '../rules/action.ts';
import type { Facts } from '../rules/facts.ts';
import type {
  Agreement,
  AuthAttempt,
  SmtpMessage,
  SmtpSession,
  SmtpSessionHandler,
} from '../smtp/handler.ts';
import { replyLines, replyText, type Reply } from '../smtp/reply.ts';
import { agreedReply, type Intake } from './intake.ts';
import type { OpenSessions, OpenTransaction } from './open-sessions.ts';
import type { Refusals } from './refusals.ts';
import {
  RuleDisconnect,
  RuleReply,
  RuleSession,
  sessionFacts,
  type SessionFacts,
  type Stages,
} from './stages.ts';

export interface CaptureSessionDeps {
  readonly stages: Stages;
  readonly intake: Intake;
  readonly refusals: Refusals;
  readonly sessions: OpenSessions;
}

export class CaptureSession implements SmtpSessionHandler {
  readonly #session: SmtpSession;
  readonly #deps: CaptureSessionDeps;
  readonly #rules: RuleSession;
  /** The recipient of the RCPT command that is being processed; `null` at other times. */
  #asking: EnvelopePath | null = null;
  /** Whether a recipient of the current mail transaction was refused. */
  #hasRefusedRecipient = false;
  #transaction: OpenTransaction | null = null;

  constructor(session: SmtpSession, deps: CaptureSessionDeps) {
    this.#session = session;
    this.#deps = deps;
    this.#rules = new RuleSession(session);
  }

  get origin(): SmtpSession['origin'] {
    return this.#session.origin;
  }

  get transaction(): OpenTransaction | null {
    return this.#transaction;
  }

  async connect(): Promise<Agreement> {
    this.#deps.sessions.add(this);
    return agreedReply(await this.#ask('connect'));
  }

  async helo(helo: string): Promise<Agreement> {
    return agreedReply(await this.#ask('helo', null, [], { helo }));
  }

  async starttls(): Promise<Agreement> {
    return agreedReply(await this.#ask('starttls'));
  }

  async auth({ failure, user }: AuthAttempt): Promise<Agreement> {
    if (failure === null) return agreedReply(await this.#ask('auth', null, [], { user }));
    this.#session.note(`Not authenticated: ${failure}`);
    return undefined;
  }

  async mail(from: EnvelopePath): Promise<Agreement> {
    this.#hasRefusedRecipient = false;
    this.#rules.begin();
    const agreed = agreedReply(await this.#ask('mail', from));
    this.#transaction = { from: from.address, to: [] };
    return agreed;
  }

  async rcpt(to: EnvelopePath, { from }: Envelope): Promise<Agreement> {
    this.#asking = to;
    const verdict = await this.#ask('rcpt', from, [to]);
    this.#asking = null;
    if (verdict?.kind === 'discard') this.#rules.plan.discarded.add(to.address);
    this.#transaction?.to.push(to.address);
    return agreedReply(verdict);
  }

  async data({ from, to }: Envelope): Promise<Agreement> {
    return agreedReply(await this.#ask('predata', from, to));
  }

  async message(message: SmtpMessage): Promise<Reply> {
    const arrival = {
      rules: this.#rules,
      facts: sessionFacts(this.#session),
      origin: this.origin,
      transcript: (last: Reply) => this.#transcriptWith(last),
    };
    const { intake } = this.#deps;
    const taken = await this.#noteDisconnect(message.envelope, () => intake.take(arrival, message));
    this.#transaction = null;
    return taken.reply;
  }

  reset(): void {
    this.#transaction = null;
  }

  refused(envelope: Envelope | null, refusal: Reply): void {
    const rule = refusal instanceof RuleReply ? refusal.rule : null;
    const asked = this.#asking;
    this.#asking = null;
    if (asked === null && this.#followsFromRefusal(envelope)) return;
    if (asked !== null) this.#hasRefusedRecipient = true;
    const meant = envelope && asked ? { ...envelope, to: [...envelope.to, asked] } : envelope;
    this.#deps.refusals.add(this.#session, meant, replyText(refusal), rule);
  }

  close(unfinished: Envelope | null): void {
    this.#deps.sessions.delete(this);
    if (unfinished === null || this.#followsFromRefusal(unfinished)) return;
    this.#deps.refusals.add(this.#session, unfinished, 'The connection ended before the message', null);
  }

  /**
   * Returns whether a refusal merely follows from an earlier refusal. After a refused recipient, neither the
   * refusal of DATA without recipients nor the end of the connection is recorded.
   */
  #followsFromRefusal(envelope: Envelope | null): boolean {
    return envelope?.to.length === 0 && this.#hasRefusedRecipient;
  }

  /**
   * Applies the rules of a stage before the message is received. Even without rules, a magic recipient
   * address, such as `bob-reject-550@example.test`, may determine the reply.
   */
  async #ask(
    stage: Facts['stage'],
    from: EnvelopePath | null = null,
    rcpt: readonly EnvelopePath[] = [],
    more: Partial<SessionFacts> = {},
  ): Promise<Verdict | undefined> {
    const { stages, intake } = this.#deps;
    if (stages.passes(stage, rcpt[0])) return undefined;
    const facts = intake.factsAt(stage, { ...sessionFacts(this.#session), ...more }, from, rcpt);
    const envelope = from === null ? null : { from, to: rcpt };
    return this.#noteDisconnect(envelope, () => stages.ask(this.#rules, facts));
  }

  /**
   * Runs the function `act`. If a rule drops the connection, records the dropped connection with the name of
   * the rule.
   */
  async #noteDisconnect<T>(envelope: Envelope | null, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof RuleDisconnect) {
        this.#deps.refusals.add(this.#session, envelope, 'The connection was dropped', error.rule);
      }
      throw error;
    }
  }

  /**
   * Returns the transcript of the session with the reply appended, because the reply is sent after the
   * message and its transcript are stored.
   */
  #transcriptWith(last: Reply): readonly TranscriptLine[] {
    const lines = this.#session.transcript();
    const at = lines.at(-1)?.at ?? 0;
    return [...lines, ...replyLines(last).map((text) => ({ at, from: 'server' as const, text }))];
  }
}
