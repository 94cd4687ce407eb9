/** Finds a running sandbox for `restante mcp`, or starts one in this process. */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SandboxConfig } from '../../config/index.ts';
import { createSandbox, PortInUseError, StartError, type RunningSandbox } from '../../sandbox/index.ts';
import { takeLock } from '../../store/json/lock.ts';
import { StoreError } from '../../store/store.ts';
import { CommandError } from '../error.ts';
import { packageVersion } from '../version.ts';
import type { Target } from './bridge.ts';

/** The number of HTTP ports that are tried, from the configured one on. */
const PORTS = 10;
/** The time limit for the response of a server that may be a sandbox, in milliseconds. */
const PROBE_TIMEOUT = 2_000;
/** The maximum time for which a process waits while other processes find or start a sandbox, in milliseconds. */
const TURN = 60_000;
/** The time between two attempts to take the lock, in milliseconds. */
const TURN_PAUSE = 50;

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The address at which a server with this configuration is reachable from this machine. */
function localAddress({ host, basePath }: SandboxConfig, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  return `http://${everywhere ? '127.0.0.1' : inUrl(host)}:${port}${basePath}`;
}

export function loginHeaders(login: SandboxConfig['webAuth']): Record<string, string> {
  if (login === null) return {};
  return { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
}

/**
 * Returns whether a sandbox responds at the URL. Throws if the sandbox requires a login with other credentials than the
 * configured credentials.
 */
async function isSandbox({ url, headers }: Target): Promise<boolean> {
  try {
    const response = await fetch(new URL('api/', url), {
      headers,
      signal: AbortSignal.timeout(PROBE_TIMEOUT),
    });
    const { name, type } = (await response.json()) as { readonly name?: unknown; readonly type?: unknown };
    if (type === 'urn:restante:login') {
      throw new CommandError(`The sandbox at ${url} requires a login: repeat its --web-auth USER:PASSWORD`);
    }
    return name === 'restante';
  } catch (error) {
    if (error instanceof CommandError) throw error;
    return false;
  }
}

/** Returns the port if it is free, otherwise 0, which selects any free port. */
async function freeOrAny(host: string, port: number | null): Promise<number | null> {
  if (port === null || port === 0) return port;
  const server = net.createServer();
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return 0;
  }
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Returns the folder with the lock of the processes of this user that use the ports from `port` on. */
export function turnDirectory(port: number): string {
  const user = process.getuid?.() ?? os.userInfo().username;
  return path.join(os.tmpdir(), `restante-mcp-${user}-${port}`);
}

/**
 * Takes the lock with which one process of a user at a time finds or starts a sandbox on the ports from `port` on.
 * Returns the function that releases the lock; `null` if the lock cannot be taken in `TURN` milliseconds.
 */
async function takeTurn(port: number, signal: AbortSignal): Promise<(() => Promise<void>) | null> {
  const directory = turnDirectory(port);
  const until = performance.now() + TURN;
  while (!signal.aborted && performance.now() < until) {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const lock = await takeLock(directory, Date.now, Math.random);
      return () => lock.release();
    } catch (error) {
      // The folder cannot be created, for example because another user has created it: the process continues without a lock.
      if (!(error instanceof StoreError)) return null;
      await wait(TURN_PAUSE);
    }
  }
  return null;
}

export class OwnSandbox {
  readonly #config: SandboxConfig;
  readonly #logger: Logger;
  readonly #lost: () => void;
  readonly #closing = new AbortController();
  #running: RunningSandbox | null = null;

  /** @param lost is called when the sandbox of another process, which this process has joined, ends */
  constructor(config: SandboxConfig, logger: Logger, lost: () => void) {
    this.#config = config;
    this.#logger = logger;
    this.#lost = lost;
  }

  /**
   * Returns the address of a running sandbox on one of the ports; starts a sandbox if none is running. If several
   * processes of a user do this at once, one process starts a sandbox, and the others wait and join it.
   */
  async find(): Promise<Target> {
    const first = this.#config.httpPort ?? 0;
    const release = first === 0 ? null : await takeTurn(first, this.#closing.signal);
    try {
      return await this.#findInTurn();
    } finally {
      await release?.();
    }
  }

  async #findInTurn(): Promise<Target> {
    const headers = loginHeaders(this.#config.webAuth);
    const first = this.#config.httpPort ?? 0;
    const ports = first === 0 ? [0] : Array.from({ length: PORTS }, (_, index) => first + index);
    const targets = ports.map((port) => ({ url: localAddress(this.#config, port), headers }));
    if (first !== 0) {
      const found = await Promise.all(targets.map(isSandbox));
      const joined = targets[found.indexOf(true)];
      if (joined !== undefined) return this.#joined(joined);
    }
    for (const [index, port] of ports.entries()) {
      const url = await this.#start(port);
      if (url !== null) return { url, headers };
      // Another process may have started a sandbox on the port in the meantime.
      const target = targets[index];
      if (target !== undefined && (await isSandbox(target))) return this.#joined(target);
    }
    const url = await this.#start(0);
    if (url === null) throw new CommandError('No sandbox can be started: see the log');
    return { url, headers };
  }

  /** Whether the sandbox runs in this process. */
  get isOwner(): boolean {
    return this.#running !== null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running?.close();
  }

  #joined(target: Target): Target {
    this.#logger.info(`mcp: joined the sandbox at ${target.url}`);
    void this.#watch(target);
    return target;
  }

  /**
   * Reads the event stream of the sandbox until the stream ends, which means that the sandbox has ended; then
   * calls `lost`.
   */
  async #watch({ url, headers }: Target): Promise<void> {
    const { signal } = this.#closing;
    try {
      const { body } = await fetch(new URL('api/events', url), { headers, signal });
      await body?.pipeTo(new WritableStream(), { signal });
    } catch {
      // An error of the stream is ignored, because it also means that the sandbox has ended.
    }
    if (!signal.aborted) this.#lost();
  }

  /** Starts a sandbox with this HTTP port. Returns its URL; `null` if a port is in use. */
  async #start(httpPort: number): Promise<string | null> {
    const config = this.#config;
    const { host } = config;
    try {
      this.#running = await createSandbox(
        {
          ...config,
          memory: config.memory || config.data === null,
          mcp: config.mcp === 'off' ? 'on' : config.mcp,
          httpPort,
          smtpPort: await freeOrAny(host, config.smtpPort),
          imapPort: await freeOrAny(host, config.imapPort),
          pop3Port: await freeOrAny(host, config.pop3Port),
        },
        { logger: this.#logger, version: packageVersion(), startedBy: 'command' },
      );
    } catch (error) {
      if (error instanceof PortInUseError) {
        this.#logger.debug(`mcp: ${error.message}`);
        return null;
      }
      if (error instanceof StartError) throw new CommandError(error.message);
      throw error;
    }
    const { url, endpoints, location } = this.#running;
    const smtp = endpoints.find(({ protocol }) => protocol === 'smtp');
    const where = smtp === undefined ? 'no SMTP' : `SMTP at ${smtp.host}:${smtp.port}`;
    this.#logger.info(`mcp: started a sandbox with its mail in ${location}: ${where}, web at ${url ?? ''}`);
    return url;
  }
}
