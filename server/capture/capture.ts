/**
 * Capture, the sandbox's inbound act: answers the SMTP server at every stage and puts what it takes into the
 * store. Mail that comes by the API goes the same way.
 */
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Envelope, Origin } from '../message/envelope.ts';
import {
  SmtpReply,
  type SmtpCredentials,
  type SmtpHandler,
  type SmtpMessage,
  type SmtpSession,
} from '../smtp/handler.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { accountsFor, type AccountRules } from './accounts.ts';
import { Refusals, type Refusal } from './refusals.ts';

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
  /** SMTP sessions refused at or after an instant, oldest first. */
  refusals(since: number): readonly Refusal[];
  /** Counted since the start. */
  readonly counts: { readonly captured: number; readonly refused: number };
}

const apiOrigin: Origin = { kind: 'api', session: null, peer: null, helo: null, tls: null, user: null };

export function createCapture(options: CaptureOptions): Capture {
  const { store, auth, clock } = options;
  const refusals = new Refusals();
  let captured = 0;

  const isAccount = async (name: AccountName): Promise<boolean> => (await store.account(name)) !== undefined;

  async function keep(
    message: SmtpMessage,
    origin: Origin,
    transcript: ReturnType<SmtpSession['transcript']>,
    id: MessageId,
  ): Promise<void> {
    const accounts = await accountsFor(message.envelope, origin.user, options, isAccount);
    await store.add({
      id,
      raw: message.raw,
      envelope: message.envelope,
      origin,
      transcript,
      targets: accounts.length > 0 ? accounts.map((account) => ({ account })) : [],
    });
    captured++;
  }

  function noteRefusal(session: SmtpSession, reply: SmtpReply, envelope: Envelope | null): never {
    refusals.add({
      at: clock(),
      peer: session.origin.peer,
      user: session.origin.user,
      from: envelope?.from.address ?? null,
      to: envelope?.to.map(({ address }) => address) ?? [],
      reply: `${reply.code} ${reply.status === null ? '' : `${reply.status} `}${reply.message}`,
      rule: null,
    });
    throw reply;
  }

  async function checkPassword(credentials: SmtpCredentials): Promise<boolean> {
    const known = await auth.secret(credentials.user);
    return known.kind === 'any' || (known.kind === 'password' && credentials.verify(known.password));
  }

  const agree = (): Promise<void> => Promise.resolve();
  return {
    connect: agree,
    helo: agree,
    async auth(session, credentials) {
      if (await checkPassword(credentials)) return;
      session.note(`No such user, or another password: ${credentials.user}`);
      noteRefusal(session, new SmtpReply(535, '5.7.8', 'Authentication credentials invalid'), null);
    },
    mail: agree,
    rcpt: agree,
    data: agree,
    async message(session, message) {
      const id = store.newMessageId();
      // The reply is part of the dialogue that is kept, so it is told before it is sent.
      const transcript = [
        ...session.transcript(),
        {
          at: session.transcript().at(-1)?.at ?? 0,
          from: 'server' as const,
          text: `250 2.0.0 Ok: queued as ${id}`,
        },
      ];
      await keep(message, session.origin, transcript, id);
      return id;
    },
    close: () => undefined,
    async submit(raw, envelope) {
      const id = store.newMessageId();
      await keep({ raw, envelope }, apiOrigin, [], id);
      return { id, reply: `250 2.0.0 Ok: queued as ${id}` };
    },
    refusals: (since) => refusals.since(since),
    get counts() {
      return { captured, refused: refusals.total };
    },
  };
}
