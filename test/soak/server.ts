/** Runs the built program on fixed ports, so that it can be killed and restarted at the same addresses. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.join(import.meta.dirname, '..', '..');

export interface Ports {
  readonly smtp: number;
  readonly http: number;
  readonly imap: number;
  readonly pop3: number;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface ServerOptions {
  /** The options that select the store. */
  readonly storage: readonly string[];
  /** The maximum number of open files; `null` for the limit of the system. */
  readonly descriptors?: number | null;
}

export class Server {
  readonly ports: Ports;
  /** Log lines of internal server errors, from all runs of the program. */
  readonly faults: string[] = [];
  readonly #options: ServerOptions;
  #child: ChildProcess | null = null;

  private constructor(ports: Ports, options: ServerOptions) {
    this.ports = ports;
    this.#options = options;
  }

  /** Starts a server with a data directory. */
  static start(data: string, descriptors: number | null = null): Promise<Server> {
    return Server.startWith({ storage: ['--data', data], descriptors });
  }

  static async startWith(options: ServerOptions): Promise<Server> {
    const [smtp, http, imap, pop3] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const server = new Server({ smtp, http, imap, pop3 }, options);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}/`;
  }

  async start(): Promise<void> {
    const ports = Object.entries(this.ports).flatMap(([name, port]) => [`--${name}-port`, String(port)]);
    const program = ['dist/server/main.js', ...ports, ...this.#options.storage, '--max-messages', '0'];
    const args = [...program, '--log-level', 'error'];
    const { descriptors = null } = this.#options;
    const limited = `ulimit -n ${descriptors ?? 0}; exec "$0" "$@"`;
    const [command, ...rest] =
      descriptors === null ? [process.execPath, ...args] : ['sh', '-c', limited, process.execPath, ...args];
    this.#child = spawn(command, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface(this.#child.stderr!).on('line', (line) => this.faults.push(line));
    const ready = once(this.#child.stdout!, 'data');
    const ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('The server ended')));
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  get alive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Resident memory in megabytes; NaN on systems without /proc. */
  get resident(): number {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid ?? 0}/status`, 'latin1');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1000;
    } catch {
      return NaN;
    }
  }
}
