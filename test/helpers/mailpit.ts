/** Starts Mailpit on free ports, for tests that compare the answers of Restante with those of Mailpit. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import type { Address } from './sandbox.ts';
import { freePort } from './free-port.ts';
import { soon } from './soon.ts';

export interface RunningMailpit {
  /** The root URL of the API, with a slash at its end. */
  readonly url: string;
  readonly smtp: Address;
  close(): Promise<void>;
}

export async function startMailpit(args: readonly string[] = []): Promise<RunningMailpit> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-mailpit-'));
  const [http, smtp] = [await freePort(), await freePort()];
  const child = spawn('mailpit', [
    ...['--listen', `127.0.0.1:${http}`, '--smtp', `127.0.0.1:${smtp}`, '--quiet'],
    ...['--disable-version-check', '--enable-chaos', '--database', path.join(folder, 'mailpit.db')],
    ...args,
  ]);
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${http}/`;
  await soon(async () => {
    const { status } = await fetch(`${url}readyz`);
    if (status !== 200) throw new Error(`Mailpit responds with status ${status}`);
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
