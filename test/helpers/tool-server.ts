/** Starts servers of other tools on free ports, for tests that compare their answers with those of Restante. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import type { Address } from './sandbox.ts';
import { soon } from './soon.ts';

export interface ToolServer {
  /** The root URL of the API, with a slash at its end. */
  readonly url: string;
  readonly smtp: Address;
  close(): Promise<void>;
}

/** The free ports for a server, and a folder for its files, which is deleted after the server has ended. */
interface Place {
  readonly http: number;
  readonly smtp: number;
  readonly folder: string;
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a server, and resolves when it is ready.
 * @param probe the path below the root URL that responds with 200 when the server is ready
 */
export async function startToolServer(
  name: string,
  probe: string,
  commandFor: (place: Place) => Command,
): Promise<ToolServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `restante-${name}-`));
  const [http, smtp] = [await freePort(), await freePort()];
  const { program, args, env = {} } = commandFor({ http, smtp, folder });
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${http}/`;
  await soon(async () => {
    const { status } = await fetch(`${url}${probe}`);
    if (status !== 200) throw new Error(`${name} responds with status ${status}`);
  });
  return {
    url,
    smtp: { host: '127.0.0.1', port: smtp },
    async close() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
