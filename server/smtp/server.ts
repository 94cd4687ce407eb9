/**
 * The SMTP listener: smtp-server driven by an `SmtpHandler`. No pause before the greeting, no reverse DNS, bytes
 * kept exactly, AUTH offered before TLS too, STARTTLS only where there is a certificate.
 */
import type { HandledConnection } from './connection.ts';
import { HandledServer } from './library/server.ts';
import type { Agreement, SmtpHandler } from './handler.ts';
import { BACKLOG, type Listener } from '../net/listener.ts';
import { unlimited } from '../net/in-flight.ts';
import { serverOptions } from '../net/tls.ts';
import { ClientLimits } from './limits.ts';
import { liveSession } from './live.ts';
import { IDLE_TIMEOUT, type SmtpServerOptions } from './options.ts';
import { SmtpReply } from './reply.ts';

export type { SmtpServerOptions } from './options.ts';

/** How long a closing server waits for messages that are under way. */
const DRAIN_TIMEOUT = 5000;
/** How long it then waits for its goodbyes to be read. */
const GOODBYE_TIMEOUT = 500;

export function createSmtpServer(options: SmtpServerOptions, handler: SmtpHandler): Listener {
  const { logger } = options;
  const refusal = (error: unknown): SmtpReply => {
    if (error instanceof SmtpReply) return error;
    logger.error({ err: error }, 'smtp: the handler failed');
    return new SmtpReply(451, '4.3.0', 'Something went wrong here, see the log');
  };
  const server = buildServer(options, handler);
  const limits = new ClientLimits(options.limits ?? {}, options.clock);
  const inFlight = options.inFlight ?? unlimited();
  server.world = { handler, options, limits, inFlight, refusal };
  server.on('error', (error) => logger.debug({ err: error }, 'smtp: connection error'));
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        const listening = (): void => {
          server.server.off('error', reject);
          resolve();
        };
        if (options.path == null) server.listen(options.port, options.host, BACKLOG, listening);
        else server.listen(options.path, BACKLOG, listening);
      }),
    address() {
      const bound = server.server.address();
      // A Unix socket has a path and no port.
      if (bound === null || typeof bound === 'string') return { host: bound ?? options.host, port: 0 };
      return { host: bound.address, port: bound.port };
    },
    get connections() {
      return server.connections.size;
    },
    sessions: () => server.open.map(liveSession),
    close: () => drain(server),
  };
}

/** Closes as a mail server should: what is under way ends, within bounds. */
function drain(server: HandledServer): Promise<void> {
  return new Promise((resolve) => {
    const goodbye = (atOnce: boolean): void => {
      for (const connection of server.open) connection.dismiss('Server shutting down', atOnce);
    };
    const bound = setTimeout(() => {
      goodbye(true);
      setTimeout(() => {
        for (const connection of server.open) connection.drop();
      }, GOODBYE_TIMEOUT).unref();
    }, DRAIN_TIMEOUT);
    server.server.close(() => {
      clearTimeout(bound);
      resolve();
    });
    server.dropPending();
    goodbye(false);
  });
}

function buildServer(options: SmtpServerOptions, handler: SmtpHandler): HandledServer {
  /** Asks the handler on the library's behalf. */
  const ask = (
    session: object,
    question: (connection: HandledConnection) => Promise<Agreement>,
    callback: (error?: Error | null) => void,
  ): void => {
    const connection = server.connectionOf(session);
    question(connection).then(
      (agreed) => callback(connection.inWords(agreed)),
      (error: unknown) => {
        const words = connection.refusalOf(error);
        if (words !== null) callback(connection.inWords(words));
      },
    );
  };
  const server: HandledServer = new HandledServer({
    name: options.name,
    banner: 'Restante',
    size: options.maxMessageSize,
    authOptional: !options.requireAuth,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    socketTimeout: options.idleTimeout ?? IDLE_TIMEOUT,
    // A client that sends everything and closes its half still gets its answers.
    allowHalfOpen: true,
    logger: false,
    lmtp: options.lmtp === true,
    useProxy: [...(options.proxies ?? [])],
    useXClient: [...(options.xclients ?? [])],
    secure: options.implicitTls,
    ...(options.tls === null ? { disabledCommands: ['STARTTLS'] } : serverOptions(options.tls)),
    onConnect: (session, callback) =>
      ask(
        session,
        async (connection) => {
          connection.enter();
          return handler.connect(connection);
        },
        callback,
      ),
    // Asked for XCLIENT's LOGIN alone, whose peer is trusted; AUTH is ours.
    onAuth: ({ username }, _session, callback) => callback(null, { user: username }),
    onClose: (session) => {
      const connection = server.connectionOf(session);
      handler.close(connection, connection.transaction);
    },
  });
  return server;
}
