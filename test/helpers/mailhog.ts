/** Starts MailHog on free ports, for tests that compare the answers of Restante with those of MailHog. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';
import type { Address } from './sandbox.ts';
import { soon } from './soon.ts';

export interface RunningMailhog {
  /** The root URL of the API, with a slash at its end. */
  readonly url: string;
  readonly smtp: Address;
  close(): Promise<void>;
}

export async function startMailhog(): Promise<RunningMailhog> {
  const [http, smtp] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${http}`;
  const child = spawn(
    'mailhog',
    ['-api-bind-addr', address, '-ui-bind-addr', address, '-smtp-bind-addr', `127.0.0.1:${smtp}`],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const url = `http://${address}/`;
  await soon(async () => {
    const { status } = await fetch(`${url}api/v2/messages`);
    if (status !== 200) throw new Error(`MailHog responds with status ${status}`);
  });
  return {
    url,
    smtp: { host: '127.0.0.1', port: smtp },
    async close() {
      child.kill();
      await ended;
    },
  };
}
