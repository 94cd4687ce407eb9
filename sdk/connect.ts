/** Connects to a sandbox that another process runs: on this machine, in a container, or on a server of the team. */
import { createClient } from './client.ts';
import { readAddress, whyNot } from './connect-error.ts';
import { refuseUnknown } from './names.ts';
import { Sandbox } from './sandbox.ts';

export interface ConnectOptions {
  /** The user name and password of a server that was started with `--web-auth`. */
  readonly auth?: { readonly user: string; readonly password: string };
  /**
   * The default timeout of waits for mail in milliseconds; if absent, ten seconds, or less if the test
   * runner's timeout is earlier.
   */
  readonly timeout?: number;
  /** A replacement for `fetch`; by default the `fetch` of the platform. */
  readonly fetch?: typeof fetch;
}

/** The default root URL of a sandbox. */
const DEFAULT_URL = 'http://127.0.0.1:8025';

/**
 * Connects to a running sandbox. If no sandbox responds, rejects with an error that contains the reason and a
 * remedy.
 *
 * @param url the root URL of the server, which may contain `user:password@`; by default the value of the
 *   environment variable `RESTANTE_URL`, or else the default port on this machine
 */
export async function connect(url?: string | URL, options: ConnectOptions = {}): Promise<Sandbox> {
  refuseUnknown('option', options, ['auth', 'timeout', 'fetch']);
  const { timeout, ...rest } = options;
  const root = url === undefined ? addressOfEnvironment() : readAddress(url);
  const auth = options.auth ?? authOf(root);
  const client = createClient({ ...rest, url: root, ...(auth !== undefined && { auth }) });
  try {
    const { endpoints, seq, startedBy } = await client.info();
    const staysOpen = startedBy !== 'sdk';
    return new Sandbox({ client, endpoints, since: seq, timeout, staysOpen, close: () => Promise.resolve() });
  } catch (error) {
    throw whyNot(root, error);
  }
}

function addressOfEnvironment(): URL {
  const named = environment('RESTANTE_URL');
  return named === undefined ? new URL(DEFAULT_URL) : readAddress(named, 'RESTANTE_URL: ');
}

/** Separates the user name and password from a URL, because `fetch` refuses a URL that contains them. */
function authOf(root: URL): { user: string; password: string } | undefined {
  if (root.username === '') return undefined;
  const auth = { user: decodeURIComponent(root.username), password: decodeURIComponent(root.password) };
  root.username = '';
  root.password = '';
  return auth;
}

function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const value = process?.env?.[name];
  return value === '' ? undefined : value;
}
