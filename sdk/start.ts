/** Starts a sandbox in this process, on free ports and with its messages in memory. */
import type { SandboxConfig } from '../server/config/index.ts';
import type * as Server from '../server/sandbox/index.ts';
import { createClient } from './client.ts';
import { refuseUnknown } from './names.ts';
import { Sandbox } from './sandbox.ts';

export interface StartOptions extends Partial<SandboxConfig> {
  /**
   * The default timeout of waits for mail in milliseconds; if absent, ten seconds, or less if the test
   * runner's timeout is earlier.
   */
  readonly timeout?: number;
}

const FREE_PORTS = {
  smtpPort: 0,
  smtpsPort: 0,
  httpPort: 0,
  httpsPort: 0,
  imapPort: 0,
  imapsPort: 0,
  pop3Port: 0,
  pop3sPort: 0,
} as const;

/**
 * Starts a sandbox on free ports. Messages are stored in memory unless `data` names a directory. All options of the
 * server are accepted. Close the sandbox, or declare it with `await using`; otherwise the process does not end.
 */
export async function startSandbox(given: StartOptions = {}): Promise<Sandbox> {
  // The server's code is loaded on the first start, because a program that connects to a running sandbox does
  // not need this code.
  const server = await import('../server/sandbox/index.ts');
  refuseUnknown('option', given, ['timeout', ...server.optionKeys]);
  const { timeout, ...rest } = given;
  // Options with the value `undefined` are removed. Otherwise, a port option that is undefined would select the
  // server's default port instead of a free port.
  const options = Object.fromEntries(
    Object.entries(rest as Record<string, unknown>).filter(([, value]) => value !== undefined),
  ) as typeof rest;
  const memory = options.data === undefined || options.data === null;
  const { running, webAuth } = await start({ ...FREE_PORTS, memory, ...options }, server).catch(
    (error: unknown) => {
      throw inOurWords(error, server);
    },
  );
  const { endpoints } = running;
  // The HTTP listener is used instead of the HTTPS listener, because `fetch` does not trust the certificate
  // of a sandbox.
  const url = endpoints.find(({ protocol }) => protocol === 'http')?.url ?? null;
  let isClosed = false;
  const close = (): Promise<void> => {
    isClosed = true;
    return running.close();
  };
  if (url === null) {
    await close();
    throw new Error('A sandbox that is started for tests needs its HTTP port');
  }
  const client = createClient({
    url,
    ...(webAuth != null && { auth: webAuth }),
    fetch: async (...request) => {
      if (isClosed) throw new Error('The sandbox was closed');
      return fetch(...request);
    },
  });
  return new Sandbox({ client, endpoints, since: 0, timeout, staysOpen: false, close });
}

async function start(options: Partial<SandboxConfig>, { configOf, createSandbox }: typeof Server) {
  const config = configOf(options);
  return { running: await createSandbox(config), webAuth: config.webAuth };
}

/** Replaces the names of command-line options in an error message by the names of the SDK's options. */
function inOurWords(error: unknown, server: typeof Server): unknown {
  const { ConfigError, StartError, flagName, optionKeys } = server;
  if (!(error instanceof StartError || error instanceof ConfigError)) return error;
  const names = new Map<string, string>(optionKeys.map((key) => [flagName(key), key]));
  const message = error.message.replaceAll(/--[a-z0-9-]+/g, (flag) => names.get(flag) ?? flag);
  return new (error instanceof StartError ? StartError : ConfigError)(message, { cause: error.cause });
}
