/**
 * Makes a program collect its garbage, so that the garbage of one message does not count as a cost of the next
 * one.
 */
import WebSocket from 'ws';
import type { Program } from '../helpers/program.ts';

/** The environment of a program whose garbage a `Collector` can collect. */
export const COLLECTING = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** The lines that the inspector writes to standard error. */
const INSPECTOR = /^(?:Debugger (?:listening|attached)|For help, see: ).*\n/gm;

/** Returns the standard error without the lines of the inspector. */
export const saidBy = (program: Program): string => program.stderr().replace(INSPECTOR, '');

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId: string; readonly message?: string };
}

/** Uses the inspector of a program to collect the garbage of its main thread and its workers. */
export class Collector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, () => void>();
  readonly #workers = new Set<string>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as Answer));
  }

  static async of(program: Program): Promise<Collector> {
    const [url] = /ws:\/\/\S+/.exec(program.stderr()) ?? [];
    if (url === undefined) throw new Error(`no inspector in\n${program.stderr()}`);
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const collector = new Collector(socket);
    await collector.#ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return collector;
  }

  async collect(): Promise<void> {
    await this.#ask('HeapProfiler.collectGarbage');
    for (const worker of this.#workers) await this.#askWorker(worker, 'HeapProfiler.collectGarbage');
  }

  close(): void {
    this.#socket.terminate();
  }

  #take({ id, method, params }: Answer): void {
    if (id !== undefined) this.#settle(`main ${id}`);
    if (params === undefined) return;
    const { sessionId, message = '{}' } = params;
    if (method === 'NodeWorker.attachedToWorker') this.#workers.add(sessionId);
    if (method === 'NodeWorker.detachedFromWorker') {
      this.#workers.delete(sessionId);
      // A detached worker sends no more responses.
      for (const key of this.#waiting.keys()) if (key.startsWith(`${sessionId} `)) this.#settle(key);
    }
    const answer = method === 'NodeWorker.receivedMessageFromWorker' ? (JSON.parse(message) as Answer) : {};
    if (answer.id !== undefined) this.#settle(`${sessionId} ${answer.id}`);
  }

  #settle(key: string): void {
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
  }

  #ask(method: string, params: object = {}): Promise<void> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(`main ${id}`, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async #askWorker(sessionId: string, method: string): Promise<void> {
    const id = ++this.#last;
    const answered = new Promise<void>((resolve) => this.#waiting.set(`${sessionId} ${id}`, resolve));
    const message = JSON.stringify({ id, method });
    await this.#ask('NodeWorker.sendMessageToWorker', { sessionId, message });
    await answered;
  }
}
