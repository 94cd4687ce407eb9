/**
 * Capture, the sandbox's inbound act: answers the SMTP server at every stage and puts what it takes into the
 * store. Mail that comes by the API goes the same way.
 */
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Envelope, Origin, TranscriptLine } from '../message/envelope.ts';
import type { SmtpHandler, SmtpMessage } from '../smtp/handler.ts';
import { lint } from '../smtp/lint/index.ts';
import { reply, replyLines, replyText, type Reply } from '../smtp/reply.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { accountsFor, recipientAccount, type AccountRules } from './accounts.ts';
import { OpenSessions, type OpenSession } from './open-sessions.ts';
import { Refusals, type Refusal } from './refusals.ts';

export { SmtpReply } from '../smtp/handler.ts';

export interface CaptureOptions extends AccountRules {
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What became of a message that was submitted by the API. */
export interface Submission {
  /** `null` when it was discarded. */
  readonly id: MessageId | null;
  /** What SMTP would have answered. */
  readonly reply: string;
}

export interface Capture extends SmtpHandler {
  /** Takes a message as if by SMTP. Throws the `SmtpReply` that refuses it. */
  submit(raw: Buffer, envelope: Envelope): Promise<Submission>;
  /** SMTP sessions refused or abandoned at or after an instant, oldest first. */
  refusals(since: number): readonly Refusal[];
  /** SMTP sessions that may still bring an account a message; all that are open without one. */
  openSessions(account?: AccountName): readonly OpenSession[];
  /** Counted since the start. */
  readonly counts: { readonly captured: number; readonly refused: number };
}

const apiOrigin: Origin = { kind: 'api', session: null, peer: null, helo: null, tls: null, user: null };

export function createCapture(options: CaptureOptions): Capture {
  const { store, auth, clock } = options;
  const refusals = new Refusals(clock);
  const sessions = new OpenSessions((address) => recipientAccount(address, options));
  let captured = 0;

  const isAccount = async (name: AccountName): Promise<boolean> => (await store.account(name)) !== undefined;

  async function keep(
    { raw, envelope, findings }: SmtpMessage,
    origin: Origin,
    transcript: readonly TranscriptLine[],
    id: MessageId,
  ): Promise<void> {
    const accounts = await accountsFor(envelope, origin.user, options, isAccount);
    const targets = accounts.map((account) => ({ account }));
    await store.add({ id, raw, envelope, origin, transcript, findings, targets });
    captured++;
  }

  const acceptance = (id: MessageId): Reply => reply(250, '2.0.0', `Ok: queued as ${id}`);

  /** The reply is part of the dialogue that is kept, so it is told before it is sent. */
  function withReply(transcript: readonly TranscriptLine[], last: Reply): readonly TranscriptLine[] {
    const at = transcript.at(-1)?.at ?? 0;
    return [...transcript, ...replyLines(last).map((text) => ({ at, from: 'server' as const, text }))];
  }

  const agree = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    connect(session) {
      sessions.opened(session);
      return agree();
    },
    helo: agree,
    listed: auth.listed,
    secret: (user) => auth.secret(user),
    async auth(session, { failure }) {
      if (failure !== null) session.note(`Not authenticated: ${failure}`);
      return undefined;
    },
    mail(session, from) {
      sessions.began(session, from);
      return agree();
    },
    rcpt(session, to) {
      sessions.named(session, to);
      return agree();
    },
    data: agree,
    async message(session, message) {
      const id = store.newMessageId();
      const accepted = acceptance(id);
      await keep(message, session.origin, withReply(session.transcript(), accepted), id);
      sessions.finished(session);
      return accepted;
    },
    reset: (session) => sessions.finished(session),
    refused(session, envelope, refusal) {
      refusals.add(session, envelope, replyText(refusal), null);
    },
    close(session, unfinished) {
      sessions.closed(session);
      if (unfinished !== null)
        refusals.add(session, unfinished, 'The connection ended before the message', null);
    },
    async submit(raw, envelope) {
      const id = store.newMessageId();
      await keep({ raw, envelope, findings: lint(raw, envelope) }, apiOrigin, [], id);
      return { id, reply: replyText(acceptance(id)) };
    },
    refusals: (since) => refusals.since(since),
    openSessions: (account) => sessions.list(account),
    get counts() {
      return { captured, refused: refusals.total };
    },
  };
}
