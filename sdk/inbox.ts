/**
 * The inbox of one account: its address and logins, waits for mail, its rules, and mail from the inbox to the
 * application.
 */
import type { Endpoint, Link, ListQuery, MessagePage, Summary } from '../contract/index.ts';
import { eitherOf } from './ask.ts';
import { defaultTimeout } from './budget.ts';
import type { Client } from './client.ts';
import { alsoWanted, compileCriteria, type Condition, type Wanted } from './criteria.ts';
import type { EventStream } from './events.ts';
import { noteUse } from './in-use.ts';
import { Message } from './message.ts';
import { refuseUnknown, WAIT_OPTIONS } from './names.ts';
import type { BounceOptions } from './bounce.ts';
import type { OutboundMail, ReplyMail, Sent, Via } from './outbound-types.ts';
import {
  checkCodeChoice,
  checkLinkChoice,
  codesFor,
  describeChoice,
  linksFor,
  pickCode,
  pickLink,
  type CodeChoice,
  type LinkChoice,
} from './picks.ts';
import { expectQuiet, findIncoming, LONGEST_SESSION } from './quiet.ts';
import { Rules } from './rules.ts';
import { Wait, type WaitOptions, type WaitScope } from './wait.ts';
import { UnexpectedMailError } from './wait-errors.ts';

/** The host and port of a mail server, with the user name and password of the inbox. */
export interface MailLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The URL of the mail server, with the user name and password of the inbox. */
  readonly url: string;
}

export interface NoneOptions extends WaitOptions {
  /**
   * The time without a matching message after which the wait succeeds, in milliseconds; the wait continues
   * while an SMTP session is open.
   */
  readonly quietFor?: number;
}

export interface PickOptions extends WaitOptions {
  /** Further criteria that the message must meet. */
  readonly wanted?: Wanted;
}

export interface OneOptions extends WaitOptions {
  /**
   * The time to wait for a second matching message after the first one, in milliseconds. By default, the wait
   * ends as soon as no open SMTP session could deliver a second message, and after 50 milliseconds at most.
   */
  readonly quietFor?: number;
}

/** A link together with the message that contains it. `toString` returns the URL of the link. */
export interface FoundLink extends Link {
  readonly message: Message;
  toString(): string;
}

export interface InboxOptions {
  readonly client: Client;
  readonly address: string;
  /** The password of the account if `createInbox` created it; every other account accepts any password. */
  readonly password: string;
  readonly minted: boolean;
  /** A sequence number: waits find only messages with a higher number. */
  readonly since: number;
  readonly endpoints: readonly Endpoint[];
  /** The default timeout of waits for mail in milliseconds. */
  readonly timeout: number | undefined;
  /**
   * Whether the sandbox continues to run after this program, so that the user can open the web UI afterwards.
   */
  readonly staysOpen: boolean;
  /** The signal that is aborted when the sandbox is closed, to end the waits in progress. */
  readonly closed: AbortSignal;
}

/** The default time without a matching message after which `waitForNone` succeeds, in milliseconds. */
const QUIET = 500;

export class Inbox {
  readonly #options: InboxOptions;
  readonly #scope: WaitScope;
  readonly #client: Client;
  /**
   * The name of the account: `all`, or the address in lower case. The server also accepts other spellings of
   * the address.
   */
  readonly account: string;
  readonly address: string;
  /** The rules that apply only to mail for this inbox. The server removes them together with the inbox. */
  readonly rules: Rules;
  /** The URL of the inbox in the web UI. */
  readonly url: string;
  /** Whether the sandbox continues to run after this program. */
  readonly staysOpen: boolean;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.staysOpen = options.staysOpen;
    this.#client = options.client;
    this.address = options.address;
    this.account = options.address.trim().toLowerCase();
    this.url = new URL(`inbox/${encodeURIComponent(this.account)}`, this.#client.url).href;
    this.rules = new Rules(this.#client, this.account);
    const { client, closed, since, staysOpen } = options;
    const { account, url } = this;
    this.#scope = {
      inbox: this,
      client,
      account,
      since,
      returned: new Set(),
      url: staysOpen ? url : null,
      closed,
    };
  }

  /**
   * Returns a further address of this inbox, with `name` as the sub-address (the part after the `+`). Such
   * addresses belong to the inbox only if `createInbox` created it.
   */
  addressFor(name: string): string {
    const detail = name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
    return this.address.replace(/@/, `+${detail}@`);
  }

  get smtp(): MailLogin {
    return this.#login('smtp');
  }

  get imap(): MailLogin {
    return this.#login('imap');
  }

  get pop3(): MailLogin {
    return this.#login('pop3');
  }

  /**
   * Returns the server's current sequence number. Pass it as `after` to a wait, to find only messages that
   * arrive later.
   */
  async mark(): Promise<number> {
    return (await this.#client.list({ account: this.account, limit: 1 })).seq;
  }

  // The following methods wait for mail.

  /**
   * Resolves with the oldest matching message that no wait has returned yet. On timeout, rejects with
   * `MailTimeoutError`, which lists the messages that arrived instead.
   */
  async waitFor(wanted?: Wanted, options: WaitOptions = {}): Promise<Message> {
    const wait = this.#wait(wanted, options);
    return wait.returning(() => wait.next());
  }

  /** Waits like `waitFor`, but rejects with `UnexpectedMailError` if a second message matches. */
  async waitForOne(wanted?: Wanted, { quietFor, ...options }: OneOptions = {}): Promise<Message> {
    const wait = this.#wait(wanted, options, { further: ['quietFor'] });
    return wait.returning(async () => {
      const first = await wait.next();
      const second =
        quietFor === undefined ? await findIncoming(wait) : await wait.find(performance.now() + quietFor);
      if (!(second instanceof Message)) return first;
      const messages = [first, second];
      const watched =
        quietFor === undefined
          ? `until no SMTP session was open, ${LONGEST_SESSION} ms at most`
          : `for ${quietFor} ms`;
      const expectation = `one message, and there are two (waited ${watched})`;
      throw new UnexpectedMailError(expectation, wait.description, { messages });
    });
  }

  /** Resolves with the oldest `count` matching messages that no wait has returned yet. */
  async waitForCount(count: number, wanted?: Wanted, options: WaitOptions = {}): Promise<Message[]> {
    if (!(Number.isInteger(count) && count > 0))
      throw new RangeError(`count is ${count}; it must be an integer of 1 or more`);
    const wait = this.#wait(wanted, options);
    return wait.returning(async () => {
      const messages: Message[] = [];
      while (messages.length < count) messages.push(await wait.next());
      return messages;
    });
  }

  /**
   * Resolves when no message has matched for `quietFor` milliseconds (by default 500, or the timeout if that
   * is less) and no SMTP session is open that could still deliver a matching message. The waiting for such
   * sessions ends at `timeout`. Rejects with `UnexpectedMailError` when a message matches.
   */
  async waitForNone(wanted?: Wanted, { quietFor, ...options }: NoneOptions = {}): Promise<void> {
    const { timeout = Math.max(defaultTimeout(this.#options.timeout), quietFor ?? QUIET) } = options;
    const quiet = quietFor ?? Math.min(QUIET, timeout);
    if (!(quiet >= 0 && quiet <= timeout)) {
      throw new RangeError(
        `quietFor is ${quiet}; it must be between 0 and the timeout of ${timeout} milliseconds`,
      );
    }
    const wait = this.#wait(wanted, { ...options, timeout }, { further: ['quietFor'] });
    return wait.returning(() => expectQuiet(wait, quiet));
  }

  /**
   * Resolves with the code in the oldest message that contains a code. Rejects with `AmbiguousError` if two
   * codes are equally likely. `message.codes` contains the confidence and the context of each code.
   */
  async waitForCode(choice: CodeChoice = {}, { wanted, ...options }: PickOptions = {}): Promise<string> {
    checkCodeChoice(choice);
    const also: Condition = {
      term: `a code${describeChoice(choice)}`,
      holds: ({ codes }) => codesFor(codes, choice).length > 0,
      found: ({ codes }) => codes.map(({ value }) => value).join(', '),
    };
    const wait = this.#wait(wanted, options, { also, further: ['wanted'] });
    return wait.returning(async () => {
      const { codes } = await wait.next();
      return pickCode(codes, choice).value;
    });
  }

  /**
   * Resolves with the link in the oldest message that contains a matching link. Rejects with `AmbiguousError`
   * if several links match.
   */
  async waitForLink(choice: LinkChoice = {}, { wanted, ...options }: PickOptions = {}): Promise<FoundLink> {
    checkLinkChoice(choice);
    const also: Condition = {
      term: `a link${describeChoice(choice)}`,
      holds: ({ links }) => linksFor(links, choice).length > 0,
      found: ({ links }) => links.map(({ kind, href }) => `${kind} ${href}`).join(', '),
    };
    const wait = this.#wait(wanted, options, { also, further: ['wanted'] });
    return wait.returning(async () => {
      const message = await wait.next();
      const link = pickLink(message.links, choice);
      return { ...link, message, toString: () => link.href };
    });
  }

  // The following methods access stored messages and events.

  /**
   * Returns the summaries of the stored messages, newest first.
   * @param query a query in the query language
   */
  async list(query?: string): Promise<Summary[]> {
    const messages: Summary[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.#page(query, { limit: 200, ...(cursor !== null && { cursor }) });
      messages.push(...page.messages);
      cursor = page.next;
    } while (cursor !== null);
    return messages;
  }

  /**
   * Returns the newest message, or the newest message that matches the query; `null` if no message matches.
   * @param query a query in the query language
   */
  async latest(query?: string): Promise<Message | null> {
    const [summary] = (await this.#page(query, { limit: 1 })).messages;
    return summary === undefined ? null : this.message(summary.id);
  }

  /**
   * Returns the number of messages, or of messages that match the query.
   * @param query a query in the query language
   */
  async count(query?: string): Promise<number> {
    return (await this.#page(query, { limit: 1, exact: true })).total;
  }

  /** Returns the message of this inbox with the given id. */
  async message(id: string): Promise<Message> {
    return Message.of(this.#client, await this.#client.message(id, { account: this.account }));
  }

  /**
   * Returns the events of this inbox after the sequence number `since`, or from now on. The stream resumes
   * without a gap after a lost connection.
   */
  events(options: { since?: number; query?: string; signal?: AbortSignal } = {}): EventStream {
    const signal = eitherOf(options.signal, this.#options.closed);
    return this.#client.events({ ...options, account: this.account, signal });
  }

  /** Removes all messages of the inbox. Returns the number of removed messages. */
  async clear(): Promise<number> {
    return (await this.#client.removeMatching({ account: this.account, all: true })).count;
  }

  /**
   * Removes the account of the inbox with its mail and its rules: now, or, while the server runs, after `delay`
   * milliseconds.
   */
  async delete(options: { readonly delay?: number } = {}): Promise<void> {
    await this.#client.removeAccount(this.account, options);
  }

  // The following methods send mail from the inbox to the application.

  /**
   * Sends mail from the address of the inbox: into the sandbox, or, with `via`, to the application by SMTP or
   * HTTP.
   */
  async send(mail: OutboundMail, via?: Via): Promise<Sent> {
    const { send } = await import('./outbound.ts');
    return send(this.#client, { from: this.address, ...mail }, via);
  }

  /**
   * Replies to a message in the same thread. The reply is sent from the address that received the message, to
   * the address in Reply-To or, without that field, to the sender.
   */
  async reply(message: Message, mail: ReplyMail, via?: Via): Promise<Sent> {
    const { recipientsFor, replyTo } = await import('./outbound.ts');
    const from = mail.from ?? recipientsFor(this.account, message)[0] ?? this.address;
    return this.send({ ...replyTo(message, mail), from }, via);
  }

  /**
   * Sends a delivery report (RFC 3464) to the envelope sender of a message. The report states that the message
   * could not be delivered, with an entry for each recipient that belongs to this inbox.
   */
  async bounce(message: Message, options: BounceOptions = {}, via?: Via): Promise<Sent> {
    const { bounce, recipientsFor } = await import('./outbound.ts');
    const meant =
      options.recipient === undefined ? recipientsFor(this.account, message) : [options.recipient];
    return bounce(this.#client, message, meant.length > 0 ? meant : [this.address], options, via);
  }

  /** Removes the account of the inbox if `createInbox` created it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#options.minted) await this.delete();
  }

  /**
   * Creates a wait for mail from the arguments of a public method.
   *
   * @param further the names of the options that the public method accepts besides the options of every wait
   */
  #wait(
    wanted: Wanted | undefined,
    options: WaitOptions,
    { also, further = [] }: { also?: Condition; further?: readonly string[] } = {},
  ): Wait {
    noteUse(this);
    refuseUnknown('option', options, [...WAIT_OPTIONS, ...further]);
    const criteria = compileCriteria(wanted);
    const all = also === undefined ? criteria : alsoWanted(criteria, also);
    const { timeout = defaultTimeout(this.#options.timeout), after, signal } = options;
    return new Wait(this.#scope, all, {
      timeout,
      ...(after !== undefined && { after }),
      ...(signal !== undefined && { signal }),
    });
  }

  #page(
    query: string | undefined,
    page: Pick<ListQuery, 'limit' | 'cursor' | 'exact'>,
  ): Promise<MessagePage> {
    return this.#client.list({ account: this.account, ...page, ...(query !== undefined && { query }) });
  }

  #login(protocol: 'smtp' | 'imap' | 'pop3'): MailLogin {
    const { endpoints, password } = this.#options;
    const endpoint = endpoints.find((each) => each.protocol === protocol);
    if (endpoint === undefined) throw new Error(`The sandbox does not listen for ${protocol.toUpperCase()}`);
    const { host, port } = endpoint;
    const login = `${encodeURIComponent(this.address)}:${encodeURIComponent(password)}`;
    const url = `${protocol}://${login}@${host.includes(':') ? `[${host}]` : host}:${port}`;
    return { host, port, user: this.address, password, url };
  }
}
