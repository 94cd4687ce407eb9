/** Starts MailDev on free ports, for tests that compare the answers of Restante with those of MailDev. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import type { Address } from './sandbox.ts';
import { soon } from './soon.ts';

/** The folder `node_modules` with MailDev and its client cypress-maildev; `undefined` if they are not installed. */
export const maildevPackages = process.env['MAILDEV_PACKAGES'];

export interface RunningMaildev {
  /** The root URL of the API, with a slash at its end. */
  readonly url: string;
  readonly smtp: Address;
  close(): Promise<void>;
}

export async function startMaildev(args: readonly string[] = []): Promise<RunningMaildev> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-maildev-'));
  const [web, smtp] = [await freePort(), await freePort()];
  const program = path.join(maildevPackages ?? '', 'maildev', 'dist', 'bin', 'maildev.js');
  const ports = ['--web', String(web), '--smtp', String(smtp), '--ip', '127.0.0.1', '--web-ip', '127.0.0.1'];
  const child = spawn(process.execPath, [program, ...ports, '--silent', ...args], {
    // MailDev stores mail in the folder for temporary files.
    env: { ...process.env, TMPDIR: folder },
  });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${web}/`;
  await soon(async () => {
    const { status } = await fetch(`${url}api/healthz`);
    if (status !== 200) throw new Error(`MailDev responds with status ${status}`);
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
