/** An IMAP server with a store in memory, and clients that show every octet of the dialogue. */
import { once } from 'node:events';
import net from 'node:net';
import { pino } from 'pino';
import { createAuthenticator } from '../../server/auth.ts';
import { createImapServer, type ImapServerOptions } from '../../server/imap/server.ts';
import type { Envelope, Origin } from '../../server/message/envelope.ts';
import { accountName } from '../../server/store/ids.ts';
import type { AddedMessage, Store } from '../../server/store/store.ts';
import type { Listener } from '../../server/net/listener.ts';
import { openTestStore } from './test-store.ts';

const origin: Origin = { kind: 'smtp', session: null, peer: null, helo: null, tls: null, user: null };
const envelope: Envelope = { from: { address: 'sender@x.test', parameters: {} }, to: [] };

/** An IMAP server on a free port, and its store. */
export interface ImapFixture {
  readonly store: Store;
  readonly server: Listener;
  readonly port: number;
  /** Connects and reads the greeting. */
  readonly connect: () => Promise<ImapTalk>;
  /** Connects and logs in. */
  readonly login: (user?: string) => Promise<ImapTalk>;
  /** Captures a message for `account`. */
  readonly deliver: (raw: string | Buffer, account?: string) => Promise<AddedMessage>;
  readonly close: () => Promise<void>;
}

export async function startImap(
  options: Partial<ImapServerOptions> & { readonly users?: ReadonlyMap<string, string> } = {},
): Promise<ImapFixture> {
  const store = options.store ?? (await openTestStore());
  const server = createImapServer({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    store,
    auth: createAuthenticator(store.accounts, options.users ?? new Map<string, string>()),
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    ...options,
  });
  await server.listen();
  const { port } = server.address();
  const talks: ImapTalk[] = [];
  const connect = async (): Promise<ImapTalk> => {
    const talk = await ImapTalk.connect(port);
    talks.push(talk);
    return talk;
  };
  return {
    store,
    server,
    port,
    connect,
    async login(user = 'a@x.test') {
      const talk = await connect();
      await talk.ok(`LOGIN ${user} secret`);
      return talk;
    },
    async deliver(raw, account = 'a@x.test') {
      const octets = typeof raw === 'string' ? Buffer.from(raw.replace(/\r?\n/g, '\r\n')) : raw;
      return store.messages.add({
        raw: octets,
        envelope,
        origin,
        targets: [{ account: accountName(account) }],
      });
    },
    async close() {
      for (const talk of talks) talk.destroy();
      await server.close();
      await store.close();
    },
  };
}

/**
 * An IMAP connection: commands are sent exactly as written, and responses are returned as lines that include their
 * literals.
 */
export class ImapTalk {
  readonly greeting: string;
  readonly #socket: net.Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | null = null;
  #count = 0;

  private constructor(socket: net.Socket, greeting: string) {
    this.#socket = socket;
    this.greeting = greeting;
  }

  static async connect(port: number): Promise<ImapTalk> {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const talk = new ImapTalk(socket, '');
    socket.on('data', (chunk) => {
      talk.#received = Buffer.concat([talk.#received, chunk]);
      talk.#wakeUp();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      talk.#ended = true;
      talk.#wakeUp();
    });
    Object.assign(talk, { greeting: await talk.line() });
    return talk;
  }

  write(text: string | Buffer): void {
    this.#socket.write(text);
  }

  /**
   * Sends a command with a new tag; resolves with all responses; the tagged response is the last response, without its
   * tag.
   */
  async command(text: string): Promise<string[]> {
    const tag = `t${++this.#count}`;
    this.write(`${tag} ${text}\r\n`);
    return this.until(tag);
  }

  /** Sends a command; rejects unless its status is OK. Resolves with the untagged responses. */
  async ok(text: string): Promise<string[]> {
    const lines = await this.command(text);
    if (!lines.at(-1)?.startsWith('OK')) throw new Error(`${text}: ${lines.join(' | ')}`);
    return lines.slice(0, -1);
  }

  /** Resolves with the responses up to the response with `tag`, whose tag is removed. */
  async until(tag: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      lines.push(line.startsWith(`${tag} `) ? line.slice(tag.length + 1) : line);
      if (line.startsWith(`${tag} `)) return lines;
    }
  }

  /** Resolves with the next response, including its literals, without its last line ending. */
  async line(): Promise<string> {
    let at = 0;
    for (;;) {
      const end = this.#received.indexOf('\r\n', at);
      if (end !== -1) {
        const literal = /\{(\d+)\}$/.exec(this.#received.toString('latin1', at, end));
        if (literal === null) {
          const line = this.#received.toString('utf8', 0, end);
          this.#received = this.#received.subarray(end + 2);
          return line;
        }
        const next = end + 2 + Number(literal[1]);
        if (this.#received.length >= next) {
          at = next;
          continue;
        }
      }
      if (this.#ended) throw new Error(`The connection ended after: ${this.#received.toString()}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Resolves with all data that the server sends until it closes the connection. */
  async rest(): Promise<string> {
    while (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#received.toString();
  }

  /** Ends the client's side of the connection: the server answers the pending commands and closes the connection. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
