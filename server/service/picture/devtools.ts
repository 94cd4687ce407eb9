/**
 * A connection to a browser by the Chrome DevTools Protocol over two pipes: each message is a JSON text that ends
 * with a NUL octet. Unlike a port, the pipes are not reachable by other programs, and the browser ends when the
 * pipes are closed, even if this process is killed.
 */
import type { Readable, Writable } from 'node:stream';

/** The maximum size of a message from the browser in octets. Larger messages are not kept in memory. */
const MAX_MESSAGE = 16 << 20;
/** The number of octets at the beginning of a message in which its id is found. */
const HEAD = 64;
const NUL = 0;

type Params = Readonly<Record<string, unknown>>;

/** Receives the events of a session. */
interface Listener {
  event(method: string, params: Params): void;
  /** The function that is called when the connection is closed. */
  closed(reason: Error): void;
}

/** The error of a call whose result is larger than `MAX_MESSAGE` octets. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';
}

interface Call {
  resolve(result: Params): void;
  reject(error: Error): void;
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
}

export class Devtools {
  readonly #output: Writable;
  readonly #calls = new Map<number, Call>();
  readonly #listeners = new Map<string, Listener>();
  #lastId = 0;
  /** The chunks of the message that is being received, and their size in octets. */
  #chunks: Buffer[] = [];
  #size = 0;
  #closed: Error | undefined;

  constructor(input: Readable, output: Writable) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => this.#receive(chunk));
    // An error of the pipes means that the browser has ended, which its process reports with the reason.
    input.on('error', () => undefined);
    output.on('error', () => undefined);
  }

  /**
   * Calls a method of the protocol. Rejects with the error of the browser, with `ResultTooLarge`, or with the reason
   * for which the connection was closed.
   * @param session the session of a page; absent for a method of the browser
   */
  call(method: string, params: Params = {}, session?: string): Promise<Params> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const id = ++this.#lastId;
    const message = { id, method, params, ...(session === undefined ? {} : { sessionId: session }) };
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#output.write(`${JSON.stringify(message)}\0`);
    });
  }

  /** Passes the events of a session to `listener` until the returned function is called. */
  listen(session: string, listener: Listener): () => void {
    this.#listeners.set(session, listener);
    return () => {
      this.#listeners.delete(session);
    };
  }

  /** Rejects all running and later calls. */
  close(reason: Error): void {
    this.#closed ??= reason;
    for (const call of this.#calls.values()) call.reject(this.#closed);
    for (const listener of this.#listeners.values()) listener.closed(this.#closed);
    this.#calls.clear();
    this.#listeners.clear();
  }

  #receive(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NUL); end >= 0; end = chunk.indexOf(NUL, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#endMessage();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size <= MAX_MESSAGE) this.#chunks.push(chunk);
    else if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks).subarray(0, HEAD)];
  }

  #endMessage(): void {
    const bytes = Buffer.concat(this.#chunks);
    const isWhole = this.#size <= MAX_MESSAGE;
    this.#chunks = [];
    this.#size = 0;
    if (isWhole) this.#handle(JSON.parse(bytes.toString()) as Message);
    else this.#refuse(bytes.toString('latin1', 0, HEAD));
  }

  /** Rejects the call whose result is too large. */
  #refuse(head: string): void {
    const id = Number(/^\{"id":(\d+)/.exec(head)?.[1]);
    this.#calls.get(id)?.reject(new ResultTooLarge(`A result has more than ${MAX_MESSAGE} octets`));
    this.#calls.delete(id);
  }

  #handle({ id, sessionId = '', method, params = {}, result = {}, error }: Message): void {
    if (id === undefined) {
      if (method !== undefined) this.#listeners.get(sessionId)?.event(method, params);
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  }
}
