/** A whole sandbox in this process: free ports, in memory, there in milliseconds, gone with the test. */
import type { SandboxConfig } from '../server/config.ts';
import { createClient } from './client.ts';
import { Sandbox } from './sandbox.ts';

export interface StartOptions extends Partial<SandboxConfig> {
  /** Milliseconds of a wait that does not say; ten seconds, or what the test runner leaves. */
  readonly timeout?: number;
}

const FREE_PORTS = {
  smtpPort: 0,
  smtpsPort: 0,
  httpPort: 0,
  imapPort: 0,
  imapsPort: 0,
  pop3Port: 0,
  pop3sPort: 0,
} as const;

/**
 * Starts a sandbox on free ports, in memory unless `data` names a directory; all options of the server hold. Close
 * it, or `await using` it, or the process stays.
 */
export async function startSandbox({ timeout, ...options }: StartOptions = {}): Promise<Sandbox> {
  // The server is loaded when one is started: whoever only connects has no use for it.
  const { createSandbox } = await import('../server/sandbox.ts');
  const memory = options.data === undefined || options.data === null;
  const running = await createSandbox({ ...FREE_PORTS, memory, ...options });
  const { url, endpoints } = running;
  const close = (): Promise<void> => running.close();
  if (url === null) {
    await close();
    throw new Error('A sandbox that is started for tests needs its HTTP port');
  }
  const { webAuth } = options;
  const client = createClient({ url, ...(webAuth != null && { auth: webAuth }) });
  return new Sandbox({ client, endpoints, since: 0, timeout, close });
}
