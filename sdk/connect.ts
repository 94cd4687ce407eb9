/** Connects to a sandbox that runs elsewhere: on this machine, in a container, on a server of the team. */
import { createClient } from './client.ts';
import { readAddress, whyNot } from './connect-error.ts';
import { refuseUnknown } from './names.ts';
import { Sandbox } from './sandbox.ts';

export interface ConnectOptions {
  /** Login of a server with `--web-auth`. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Milliseconds of a wait that does not say; ten seconds, or what the test runner leaves. */
  readonly timeout?: number;
  /** Another `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Where a sandbox listens when nobody says. */
const DEFAULT_URL = 'http://127.0.0.1:8025';

/**
 * @param url root of the server, which may hold `user:password@`; `RESTANTE_URL`, or the default port of this
 *   machine, when absent. Rejects, with what to do, when no sandbox answers there.
 */
export async function connect(url?: string | URL, options: ConnectOptions = {}): Promise<Sandbox> {
  refuseUnknown('option', options, ['auth', 'timeout', 'fetch']);
  const { timeout, ...rest } = options;
  const root = url === undefined ? addressOfEnvironment() : readAddress(url);
  const auth = options.auth ?? authOf(root);
  const client = createClient({ ...rest, url: root, ...(auth !== undefined && { auth }) });
  try {
    const { endpoints, seq } = await client.info();
    return new Sandbox({ client, endpoints, since: seq, timeout, close: () => Promise.resolve() });
  } catch (error) {
    throw whyNot(root, error);
  }
}

function addressOfEnvironment(): URL {
  const named = environment('RESTANTE_URL');
  return named === undefined ? new URL(DEFAULT_URL) : readAddress(named, 'RESTANTE_URL: ');
}

/** Takes the login out of an address: `fetch` refuses one there. */
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
