/**
 * The composition root: creates a complete sandbox from a configuration and its environment, starts the listeners,
 * and closes everything again. Only this module creates servers, and no other module of the server imports it.
 */
import path from 'node:path';
import { pino, type Logger } from 'pino';
import { createApi, type Api } from '../api/app.ts';
import type { Door } from '../api/deps.ts';
import type { MailProtocol } from '../../contract/names.ts';
import type { Endpoint, Info } from '../../contract/index.ts';
import { createAuthenticator } from '../auth.ts';
import { recipientAccount } from '../capture/accounts.ts';
import { createCapture } from '../capture/capture.ts';
import type { Checks } from '../checks/index.ts';
import { compatApis } from '../compat/index.ts';
import { headerTags } from '../compat/mailpit/tag-names.ts';
import { mailpitWebhook } from '../compat/mailpit/webhook.ts';
import { completeConfig, type SandboxConfig } from '../config/index.ts';
import { openChecks } from './checks.ts';
import {
  boundAddress,
  endpoint,
  hostsFor,
  removeStaleSocket,
  socketEndpoint,
  wantedListeners,
  wantedWebListeners,
  type WantedListener,
  type WantedWebListener,
} from './listeners.ts';
import { handshakeReports, type ReportHandshake } from './handshakes.ts';
import { createMailServer, type MailWorld } from './mail-servers.ts';
import { refuseTakenPorts } from './free-ports.ts';
import { dataDirectory, newDirectory, openStore } from './open-store.ts';
import { openApplicationOf, openRelay, releaseByRule } from './relay.ts';
import { watchRulesFile } from './rules-file.ts';
import { listenError } from './start-error.ts';
import { authorityPlace, isTlsWanted, openTls, trustAdvice } from './tls.ts';
import { findUi } from './ui.ts';
import { mcpRoutes } from '../mcp/http.ts';
import { createApiKeys, providerRoutes } from '../providers/index.ts';
import { LoopGuard } from '../relay/loop-guard.ts';
import { InFlight } from '../net/in-flight/index.ts';
import type { Listener } from '../net/listener.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { TlsMaterial } from '../net/tls/index.ts';
import type { Relay } from '../relay/relay.ts';
import type { Store } from '../store/store.ts';
import { ThreadPool } from '../thread/pool.ts';

export { ConfigError, configOf, flagName, optionKeys } from '../config/index.ts';
export { OptionError, PortInUseError, StartError } from './start-error.ts';

/** The services and properties of the environment that a sandbox uses; tests pass their own. */
export interface World {
  readonly logger: Logger;
  readonly version: string;
  /** The kind of the start: by the command line, or by a program with the SDK (the default). */
  readonly startedBy: Info['startedBy'];
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a random number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** The directory of the built web UI; `null` when it has not been built. */
  readonly ui: string | null;
  /**
   * When this signal is aborted, a start that waits for its database ends; `null` if such a start is never ended early.
   */
  readonly stop: AbortSignal | null;
}

export interface RunningSandbox {
  /** The URL of the web UI and the API, ending with a slash; `null` when HTTP is off. */
  readonly url: string | null;
  readonly endpoints: readonly Endpoint[];
  /** The location of the mail: `memory`, the path of the data directory, or the URL of the database. */
  readonly location: string;
  /**
   * The location of the certificate of the local certificate authority, a file or a URL, for clients that
   * should trust it; `null` without one.
   */
  readonly authority: string | null;
  readonly store: Store;
  readonly relay: Relay;
  /**
   * Stops the sandbox: waits for running work, closes the listeners, then writes pending changes and closes
   * the store.
   */
  close(): Promise<void>;
}

interface Running {
  readonly protocol: MailProtocol;
  readonly server: Listener;
}

/**
 * Creates and starts a sandbox. Throws `StartError` for a problem that the user can fix. Before throwing, the
 * function closes all parts that were started, and removes the data directory if this start has created it.
 */
export async function createSandbox(
  part: Partial<SandboxConfig>,
  outside: Partial<World> = {},
): Promise<RunningSandbox> {
  const config = completeConfig(part);
  await refuseTakenPorts(config, isTlsWanted(config));
  const removeNewDirectory = newDirectory(dataDirectory(config));
  try {
    return await openSandbox(config, completeWorld(outside));
  } catch (error) {
    removeNewDirectory();
    throw error;
  }
}

async function openSandbox(config: SandboxConfig, world: World): Promise<RunningSandbox> {
  const threads = new ThreadPool();
  const waitingThreads = new ThreadPool({ threads: 2 });
  const store = await openStore(config, { ...world, threads });
  const running: Running[] = [];
  const endpoints: Endpoint[] = [];
  let api: Api | null = null;
  let ready = false;
  let checks: Checks | null = null;
  let stopWatching = (): void => undefined;
  let stopWaiting = (): void => undefined;
  let finish = async (): Promise<void> => undefined;

  const close = async (): Promise<void> => {
    ready = false;
    // The pending pauses of the rule action `delay` are ended first; otherwise the servers would wait for
    // them before closing.
    stopWaiting();
    stopWatching();
    await Promise.all([api?.close(), ...running.map(({ server }) => server.close())]);
    await checks?.close();
    await finish();
    await store.close();
    await Promise.all([threads.close(), waitingThreads.close()]);
  };

  try {
    const { location } = await store.facts();
    const data = dataDirectory(config) === null ? null : location;
    const inFlight = new InFlight({
      limit: config.maxInFlight,
      directory: data === null ? null : path.join(data, 'incoming'),
    });
    await inFlight.clean();
    const tls = await openTls(config, data, store, world.clock, (text) => world.logger.warn(`tls: ${text}`));
    const auth = createAuthenticator(
      store.accounts,
      new Map(config.auth.map(({ user, password }) => [user, password])),
      {
        requireUser: config.requireAuth,
        opensAll: (user) => {
          world.logger.info({ user }, 'login: this name is not an address, so it opens the account all');
        },
      },
    );
    const openedChecks = openChecks(config, { ...world, store, threads, waitingThreads });
    checks = openedChecks;
    const guard = new LoopGuard({
      clock: world.clock,
      endpoints: () => [
        ...running.map(({ server }) => server.address()),
        ...endpoints.map((shown) => boundAddress(shown, config.host)),
      ],
    });
    const relay = openRelay(config, {
      ...world,
      store,
      accountOf: (address) => recipientAccount(address, config),
      submit: (notice) => capture.generate(notice),
      guard,
    });
    const capture = createCapture({
      ...world,
      store,
      auth,
      threads,
      foldSubaddresses: config.foldSubaddresses,
      guard,
      foreignWebhooks: { mailpit: mailpitWebhook },
      ...(config.as === 'mailpit' ? { tagsIn: headerTags } : {}),
      relay: async ({ id }, { to }) => {
        await releaseByRule(store, relay, world.clock, id, to);
      },
    });
    stopWaiting = () => capture.stopWaiting();
    finish = async () => {
      await capture.stop();
      await relay.close();
    };
    for (const warning of await capture.start()) world.logger.warn(warning);
    if (config.rules !== null) stopWatching = watchRulesFile(config.rules, capture.rules, world.logger);
    const handshakeFailed = handshakeReports({
      ...world,
      capture,
      trust: trustAdvice(config, data),
      hasTls: tls !== null,
      endpoints: () => endpoints,
    });
    const webListeners = wantedWebListeners(config, tls !== null);
    const startedAt = world.clock();
    const compat = compatApis({
      ...world,
      store,
      capture,
      relay,
      checks: openedChecks,
      inFlight,
      basePath: config.basePath,
      maxMessageSize: config.maxMessageSize,
      filters: { spamassassin: config.checkSpamd !== null, rspamd: config.checkRspamd !== null },
      ready: () => ready,
      startedAt,
      smtpPort: () => endpoints.find(({ protocol }) => protocol === 'smtp')?.port ?? null,
      as: config.as,
    });
    const application = openApplicationOf(config, { clock: world.clock, guard });
    const mcp: Door = {
      async routes(app, shared) {
        if (config.mcp === 'off') return;
        await mcpRoutes(app, {
          ...world,
          ...shared,
          store,
          capture,
          application,
          checks: openedChecks,
          maxMessageSize: config.maxMessageSize,
          readOnly: config.mcp === 'read-only',
          endpoints: () => endpoints,
        });
      },
      isEventsPath: () => false,
      bareEvents: null,
    };
    const providers: Door = {
      routes: (app, { reading }) =>
        providerRoutes(app, {
          ...{ ...world, reading },
          ...{ store, capture, threads, inFlight },
          keys: createApiKeys(config.providerKey, auth),
          basePath: config.basePath,
          maxMessageSize: config.maxMessageSize,
          hasLogin: config.webAuth !== null,
        }),
      isEventsPath: () => false,
      bareEvents: null,
    };
    if (webListeners.length > 0) {
      api = await createApi({
        ...world,
        store,
        capture,
        threads,
        basePath: config.basePath,
        webAuth: config.webAuth,
        apiKeys: config.providerKey.map(({ key }) => key),
        authority: tls?.ca ?? null,
        allowOrigins: config.allowOrigin,
        maxMessageSize: config.maxMessageSize,
        inFlight,
        limits: limitsOf(config),
        logins: { listed: auth.listed, required: config.requireAuth },
        relay,
        application,
        checks: openedChecks,
        chrome: config.chrome,
        doors: [...compat, mcp, providers],
        ui: world.ui,
        endpoints: () => endpoints,
        hosts: () => hostsFor(config.host),
        ready: () => ready,
        sessions: () => countSessions(running),
        liveSessions: () =>
          running.flatMap(({ protocol, server }) =>
            server.sessions().map((session) => ({ protocol, session })),
          ),
      });
      for (const wanted of webListeners)
        endpoints.push(await listenWeb(api, config, wanted, tls, handshakeFailed));
    }
    const mailWorld: MailWorld = { ...world, config, store, auth, capture, tls, inFlight };
    for (const wanted of wantedListeners(config, tls !== null)) {
      const server = await listenMail(wanted, mailWorld, handshakeFailed);
      running.push({ protocol: wanted.protocol, server });
      endpoints.push(
        wanted.path === null
          ? endpoint(wanted.protocol, server.address(), wanted.tls)
          : socketEndpoint(wanted.protocol, wanted.path, wanted.tls),
      );
    }
    await relay.start();
    ready = true;
    const url = endpoints.find(({ protocol }) => protocol === 'http' || protocol === 'https')?.url ?? null;
    const authority = authorityPlace(tls, data, url);
    return { url, endpoints, location, authority, store, relay, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const completeWorld = (outside: Partial<World>): World => ({
  logger: outside.logger ?? pino({ level: 'silent' }),
  version: outside.version ?? '0.0.0',
  startedBy: outside.startedBy ?? 'sdk',
  clock: outside.clock ?? Date.now,
  random: outside.random ?? Math.random,
  ui: outside.ui ?? findUi(),
  stop: outside.stop ?? null,
});

/**
 * Creates a mail server and binds its port or socket. Throws `StartError` if the port or socket cannot be
 * bound.
 */
async function listenMail(
  wanted: WantedListener,
  world: MailWorld,
  report: ReportHandshake,
): Promise<Listener> {
  let boundPort = wanted.path === null ? wanted.port : null;
  const server = createMailServer(wanted, world, {
    handshakeFailed: (failure) => report({ protocol: wanted.protocol, port: boundPort }, failure),
  });
  try {
    if (wanted.path !== null) await removeStaleSocket(wanted.path);
    await server.listen();
    if (wanted.path === null) boundPort = server.address().port;
    return server;
  } catch (error) {
    throw listenError(error, wanted);
  }
}

async function listenWeb(
  api: Api,
  { host, basePath }: SandboxConfig,
  { protocol, port, option }: WantedWebListener,
  material: TlsMaterial | null,
  report: ReportHandshake,
): Promise<Endpoint> {
  const tls = protocol === 'https' ? material : null;
  let boundPort = port;
  const handshakes: HandshakeWatch = {
    handshakeFailed: (failure) => report({ protocol, port: boundPort }, failure),
  };
  try {
    const bound = await api.listen({ host, port, tls, handshakes });
    boundPort = bound.port;
    const kind = tls === null ? 'none' : 'implicit';
    return endpoint(protocol, { host: bound.address, port: bound.port }, kind, basePath);
  } catch (error) {
    throw listenError(error, { host, port, path: null, option });
  }
}

function limitsOf({ maxMessages, maxMessageSize, maxAge, maxBytes }: SandboxConfig) {
  return { maxMessages, maxMessageSize, maxAge, maxBytes };
}

/** Maps a protocol to the protocol name under which its sessions are counted. */
const COUNTED_AS: Partial<Record<MailProtocol, string>> = { lmtp: 'smtp' };

function countSessions(running: readonly Running[]) {
  const count = (name: string): number =>
    running
      .filter(({ protocol }) => protocol === name || protocol === `${name}s` || COUNTED_AS[protocol] === name)
      .reduce((sum, { server }) => sum + server.connections, 0);
  return { smtp: count('smtp'), imap: count('imap'), pop3: count('pop3') };
}
