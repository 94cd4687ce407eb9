/**
 * The SMTP listener: smtp-server driven by an `SmtpHandler`. No pause before the greeting, no reverse DNS, bytes
 * kept exactly, AUTH offered before TLS too, STARTTLS only where there is a certificate.
 */
import type { SMTPServerOptions } from 'smtp-server';
import { Dialogue } from './dialogue.ts';
import { LibraryServer } from './library/server.ts';
import type { SmtpHandler } from './handler.ts';
import { Session, type SmtpDeps } from './session.ts';
import { BACKLOG, type Listener } from '../net/listener.ts';
import { unlimited } from '../net/in-flight/index.ts';
import { serverOptions } from '../net/tls/index.ts';
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
  const limits = new ClientLimits(options.limits ?? {}, options.clock);
  const inFlight = options.inFlight ?? unlimited();
  const deps: SmtpDeps = { handler, options, limits, inFlight, refusal };
  const server = new LibraryServer(libraryOptions(options), {
    open: (wire) => new Dialogue(wire, new Session(wire, deps)),
    handshakes: options.handshakes ?? null,
  });
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
    sessions: () => server.open.map(({ session }) => liveSession(session)),
    close: () => drain(server),
  };
}

/** Closes as a mail server should: running transactions end, within bounds. */
function drain(server: LibraryServer<Dialogue>): Promise<void> {
  return new Promise((resolve) => {
    const goodbye = (atOnce: boolean): void => {
      for (const { session } of server.open) session.dismiss('Server shutting down', atOnce);
    };
    const bound = setTimeout(() => {
      goodbye(true);
      setTimeout(() => {
        for (const { session } of server.open) session.drop();
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

function libraryOptions(options: SmtpServerOptions): SMTPServerOptions {
  return {
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
  };
}
