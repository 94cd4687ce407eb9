/** Starts a whole sandbox in this process, on free ports and by default in memory; it is closed after the test. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { SandboxConfig } from '../../server/config/index.ts';
import { testDatabase } from './test-store.ts';
import { createSandbox, type RunningSandbox, type World } from '../../server/sandbox/index.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface TestSandbox {
  /** The root URL of the web UI and the API, with a slash at its end. */
  readonly url: string;
  readonly smtp: Address;
  readonly imap: Address;
  readonly pop3: Address;
  readonly sandbox: RunningSandbox;
  /** Calls `fetch` with a path below the API root: `api('messages?limit=1')`. */
  api(path: string, init?: RequestInit): Promise<Response>;
  /** Resolves with the JSON of a request; rejects if the request fails. */
  json<T>(path: string, init?: RequestInit): Promise<T>;
  close(): Promise<void>;
}

export const onFreePorts: Partial<SandboxConfig> = {
  smtpPort: 0,
  smtpsPort: 0,
  httpPort: 0,
  httpsPort: 0,
  imapPort: 0,
  imapsPort: 0,
  pop3Port: 0,
  pop3sPort: 0,
};

/** Starts a sandbox; a caller outside of a test must close it. */
export async function openTestSandbox(
  options: Partial<SandboxConfig> = {},
  world: Partial<World> = {},
): Promise<TestSandbox> {
  const isStateless = options.data === undefined || options.data === null;
  const database = isStateless && options.memory !== true ? await testDatabase() : null;
  const place = database === null ? { memory: isStateless } : { store: database.url };
  const sandbox = await createSandbox(
    { ...onFreePorts, ...place, ...options },
    { logger: pino({ level: 'silent' }), ...world },
  );
  let closed: Promise<void> | undefined;
  const address = (protocol: string): Address => {
    const found = sandbox.endpoints.find((endpoint) => endpoint.protocol === protocol);
    return { host: found?.host ?? '', port: found?.port ?? 0 };
  };
  const url = sandbox.url ?? '';
  const api: TestSandbox['api'] = (path, init) => fetch(new URL(`api/${path}`, url), init);
  return {
    url,
    smtp: address('smtp'),
    imap: address('imap'),
    pop3: address('pop3'),
    sandbox,
    api,
    async json<T>(path: string, init?: RequestInit): Promise<T> {
      const response = await api(path, init);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    close: () => (closed ??= sandbox.close().then(() => database?.release())),
  };
}

/** Starts a sandbox and closes it when the running test ends. */
export async function startTestSandbox(
  options: Partial<SandboxConfig> = {},
  world: Partial<World> = {},
): Promise<TestSandbox> {
  const sandbox = await openTestSandbox(options, world);
  onTestFinished(() => sandbox.close());
  return sandbox;
}
