/** The handle of a sandbox, which runs in this process or in another process. */
import type { Endpoint } from '../contract/index.ts';
import type { Client } from './client.ts';
import { eitherOf } from './ask.ts';
import type { EventStream } from './events.ts';
import { noteUse } from './in-use.ts';
import { Inbox } from './inbox.ts';
import { refuseUnknown } from './names.ts';
import { Rules } from './rules.ts';

export interface InboxWishes {
  /**
   * The complete address of the inbox. By default a new address is generated, so that no two tests share an
   * address.
   */
  readonly address?: string;
  /** A readable name that becomes part of the generated address. */
  readonly name?: string;
  readonly password?: string;
}

export interface SandboxOptions {
  readonly client: Client;
  readonly endpoints: readonly Endpoint[];
  /**
   * A sequence number: in an inbox that this sandbox handle did not create, waits find only messages with a
   * higher number.
   */
  readonly since: number;
  /** The default timeout of waits for mail in milliseconds. */
  readonly timeout: number | undefined;
  /** Whether the sandbox continues to run after the program that uses this handle has ended. */
  readonly staysOpen: boolean;
  readonly close: () => Promise<void>;
}

/** The address at which the sandbox accepts connections of one protocol. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** The URL of the listener, for example `smtp://127.0.0.1:1025`. */
  readonly url: string;
}

export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #closing = new AbortController();
  /** The typed client of the REST API, for the calls that this class does not offer. */
  readonly client: Client;
  /** The rules for the mail to all inboxes. */
  readonly rules: Rules;
  /** The inbox with all messages of all accounts. */
  readonly all: Inbox;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.client = options.client;
    this.rules = new Rules(options.client, null);
    this.all = this.inbox('all');
  }

  /** The root URL of the web UI and the API, with a slash at its end. */
  get url(): string {
    return this.client.url;
  }

  get endpoints(): readonly Endpoint[] {
    return this.#options.endpoints;
  }

  get smtp(): Server {
    return this.#server('smtp');
  }

  get imap(): Server {
    return this.#server('imap');
  }

  get pop3(): Server {
    return this.#server('pop3');
  }

  /** Creates an empty inbox with an address and a password of its own. */
  async createInbox(given: InboxWishes = {}): Promise<Inbox> {
    refuseUnknown('option', given, ['address', 'name', 'password']);
    const { name, ...wishes } = given;
    const account = await this.client.mintAccount({
      ...wishes,
      ...(name !== undefined && { name: name.slice(0, 64) }),
    });
    const { client, endpoints, timeout, staysOpen } = this.#options;
    const { address, password, seq } = account;
    const closed = this.#closing.signal;
    const scope = { client, endpoints, timeout, staysOpen, closed };
    const inbox = new Inbox({ ...scope, address, password, minted: true, since: seq });
    noteUse(inbox);
    return inbox;
  }

  /**
   * Returns the inbox of an address, or the inbox `all`. The waits of this inbox find the messages that
   * arrive after the sandbox was started or connected to.
   */
  inbox(address: string): Inbox {
    checkAddress(address);
    const { client, endpoints, since, timeout, staysOpen } = this.#options;
    const scope = { client, endpoints, timeout, staysOpen, closed: this.#closing.signal };
    return new Inbox({ ...scope, address, password: 'any', minted: false, since });
  }

  /**
   * Returns the server's current sequence number. Pass it as `after` to a wait, to find only messages that
   * arrive later.
   */
  mark(): Promise<number> {
    return this.all.mark();
  }

  /**
   * Returns all events after the sequence number `since`, or from now on, until the sandbox is closed. The
   * stream resumes without a gap after a lost connection.
   */
  events(
    options: { since?: number; query?: string; account?: string; signal?: AbortSignal } = {},
  ): EventStream {
    return this.client.events({ ...options, signal: eitherOf(options.signal, this.#closing.signal) });
  }

  /** Removes all messages of all accounts. Returns the number of removed messages. */
  clear(): Promise<number> {
    return this.all.clear();
  }

  /**
   * Stops the sandbox if this process started it, otherwise disconnects from it. Waits in progress are
   * rejected.
   */
  close(): Promise<void> {
    this.#closing.abort(new Error('The sandbox was closed'));
    return this.#options.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #server(protocol: Endpoint['protocol']): Server {
    const found = this.#options.endpoints.find((endpoint) => endpoint.protocol === protocol);
    if (found === undefined) throw new Error(`The sandbox does not listen for ${protocol.toUpperCase()}`);
    const { host, port, url } = found;
    return { host, port, url };
  }
}

/**
 * Matches a valid name of an account: `all`, or an address. Only `postmaster` needs no domain (RFC 5321
 * §4.1.1.3).
 */
const ACCOUNT = /^(?:all|postmaster|(?:[^\s@<>]+|"(?:[^"\\]|\\.)*")@[^\s@<>]+)$/i;

/**
 * Throws a `TypeError` for an address that the TypeScript types forbid, because callers in plain JavaScript can
 * pass such an address.
 */
function checkAddress(address: unknown): void {
  if (typeof address !== 'string' || address.trim() === '') {
    throw new TypeError(
      'inbox() needs an address; createInbox() generates one, and sandbox.all has every message',
    );
  }
  if (!ACCOUNT.test(address.trim())) throw new TypeError(`${address} is not an address`);
}
