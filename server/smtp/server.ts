/**
 * The SMTP listener: the package smtp-server, controlled by an `SmtpHandler`. There is no pause before the
 * greeting and no reverse DNS look-up, octets are stored unchanged, AUTH is also offered without TLS, and
 * STARTTLS is offered only with a certificate.
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

/** Maximum time that a closing server waits for current transactions to end, in milliseconds. */
const DRAIN_TIMEOUT = 5000;
/** Maximum time that a closing server waits for clients to read its last reply, in milliseconds. */
const GOODBYE_TIMEOUT = 500;

export function createSmtpServer(options: SmtpServerOptions, handler: SmtpHandler): Listener {
  const { logger } = options;
  const refusal = (error: unknown): SmtpReply => {
    if (error instanceof SmtpReply) return error;
    logger.error({ err: error }, 'smtp: the handler failed');
    return new SmtpReply(451, '4.3.0', 'Internal error, see the log of the server');
  };
  const limits = new ClientLimits(options.limits ?? {}, options.clock);
  const inFlight = options.inFlight ?? unlimited();
  const deps: SmtpDeps = { handler, options, limits, inFlight, refusal };
  const server = new LibraryServer(libraryOptions(options), {
    open: (wire) => new Dialogue(wire, new Session(wire, deps)),
    handshakes: options.handshakes ?? null,
  });
  server.on('error', (error) => logger.debug({ err: error }, 'smtp: connection error'));
  /** The address of a Unix socket is a path without a port. */
  let bound = { host: options.path ?? options.host, port: 0 };
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        const listening = (): void => {
          server.server.off('error', reject);
          const address = server.server.address();
          if (address !== null && typeof address === 'object')
            bound = { host: address.address, port: address.port };
          resolve();
        };
        if (options.path == null) server.listen(options.port, options.host, BACKLOG, listening);
        else server.listen(options.path, BACKLOG, listening);
      }),
    address: () => bound,
    get connections() {
      return server.connections.size;
    },
    sessions: () => server.open.map(({ session }) => liveSession(session)),
    close: () => drain(server),
  };
}

/** Closes the listener: current transactions may end within `DRAIN_TIMEOUT`, then all connections are closed. */
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
    // Half-open connections are allowed, so that a client that sends everything and then closes its half of the
    // connection still receives its replies.
    allowHalfOpen: true,
    logger: false,
    lmtp: options.lmtp === true,
    useProxy: [...(options.proxies ?? [])],
    useXClient: [...(options.xclients ?? [])],
    secure: options.implicitTls,
    ...(options.tls === null ? { disabledCommands: ['STARTTLS'] } : serverOptions(options.tls)),
  };
}
