/** A sandbox as a test holds it, whether it runs in this process or elsewhere. */
import type { Endpoint } from '../server/api/contract.ts';
import type { Client } from './client.ts';
import { eitherOf } from './ask.ts';
import type { EventStream } from './events.ts';
import { Inbox } from './inbox.ts';
import { refuseUnknown } from './names.ts';
import { Rules } from './rules.ts';

export interface InboxWishes {
  /** The whole address; made up when absent, so that no two tests share one. */
  readonly address?: string;
  /** Stands in a made-up address, for the reader. */
  readonly name?: string;
  readonly password?: string;
}

export interface SandboxOptions {
  readonly client: Client;
  readonly endpoints: readonly Endpoint[];
  /** Seq from which mail counts for inboxes that were not made here. */
  readonly since: number;
  /** Milliseconds of a wait that does not say. */
  readonly timeout: number | undefined;
  readonly close: () => Promise<void>;
}

/** Where a protocol is served. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** For example `smtp://127.0.0.1:1025`. */
  readonly url: string;
}

export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #closing = new AbortController();
  /** The typed client of the REST API, for what is not here. */
  readonly client: Client;
  /** Rules for all mail. */
  readonly rules: Rules;
  /** The inbox that receives everything. */
  readonly all: Inbox;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.client = options.client;
    this.rules = new Rules(options.client, null);
    this.all = this.inbox('all');
  }

  /** Root of the web UI and the API, with a slash at its end. */
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

  /** An address of one's own with a password; nothing is in it yet, and nobody else reads it. */
  async createInbox(given: InboxWishes = {}): Promise<Inbox> {
    refuseUnknown('option', given, ['address', 'name', 'password']);
    const { name, ...wishes } = given;
    const account = await this.client.mintAccount({
      ...wishes,
      ...(name !== undefined && { name: name.slice(0, 64) }),
    });
    const { client, endpoints, timeout } = this.#options;
    const { password, seq } = account;
    const address = wishes.address ?? account.name;
    const closed = this.#closing.signal;
    return new Inbox({ client, address, password, minted: true, since: seq, endpoints, timeout, closed });
  }

  /** The inbox of any address, or `all`. Waits see what came since the sandbox was started or connected to. */
  inbox(address: string): Inbox {
    checkAddress(address);
    const { client, endpoints, since, timeout } = this.#options;
    const closed = this.#closing.signal;
    return new Inbox({ client, address, password: 'any', minted: false, since, endpoints, timeout, closed });
  }

  /** The current seq: pass it as `after` to wait for what comes from now on. */
  mark(): Promise<number> {
    return this.all.mark();
  }

  /** Everything that happens, from `since` or from now, until the sandbox is closed; resumes without a gap. */
  events(
    options: { since?: number; query?: string; account?: string; signal?: AbortSignal } = {},
  ): EventStream {
    return this.client.events({ ...options, signal: eitherOf(options.signal, this.#closing.signal) });
  }

  /** Stops a sandbox that was started here; of another it lets go. Waits under way are rejected. */
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

/** No mail is ever for what is no address; `postmaster` alone needs no domain (RFC 5321 §4.1.1.3). */
const ACCOUNT = /^(?:all|postmaster|(?:[^\s@<>]+|"(?:[^"\\]|\\.)*")@[^\s@<>]+)$/i;

/** Plain JavaScript passes what the types would not. */
function checkAddress(address: unknown): void {
  if (typeof address !== 'string' || address.trim() === '') {
    throw new TypeError(
      'inbox() takes an address; createInbox() makes one up, and sandbox.all has everything',
    );
  }
  if (!ACCOUNT.test(address.trim())) throw new TypeError(`${address} is no address`);
}
