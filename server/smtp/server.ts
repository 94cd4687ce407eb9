/**
 * The SMTP listener: smtp-server driven by an `SmtpHandler`. No pause before the greeting, no reverse DNS, bytes
 * kept exactly, AUTH offered before TLS too, STARTTLS only where there is a certificate.
 */
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerAuthentication, type SMTPServerDataStream } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Logger } from 'pino';
import { envelopeOf, HandledConnection, type ConnectionWorld } from './connection.ts';
import { credentialsOf } from './credentials.ts';
import { SmtpReply, type SmtpHandler } from './handler.ts';

/** A client may be silent this long (RFC 5321 §4.5.3.2.7 asks for five minutes at least). */
const IDLE_TIMEOUT = 300_000;
/** How long a closing server waits for messages that are under way. */
const DRAIN_TIMEOUT = 5000;

export interface SmtpServerOptions {
  readonly host: string;
  /** `0` is any free port. */
  readonly port: number;
  /** Name in the greeting. */
  readonly name: string;
  /** Octets; announced with SIZE. */
  readonly maxMessageSize: number;
  readonly requireAuth: boolean;
  readonly requireTls: boolean;
  /** PEM; `null` offers no STARTTLS. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** TLS from the first byte. */
  readonly implicitTls: boolean;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly clock: () => number;
}

export interface SmtpServer {
  listen(): Promise<void>;
  address(): { readonly host: string; readonly port: number };
  readonly connections: number;
  /** Stops accepting, dismisses idle clients, lets messages under way finish. */
  close(): Promise<void>;
}

/** smtp-server with connections of our kind. */
class HandledServer extends SMTPServer {
  world: ConnectionWorld | null = null;
  readonly #sessions = new WeakMap<object, HandledConnection>();

  override connect(socket: Socket, options: SMTPConnectionOptions): void {
    if (this.world === null) throw new Error('the server has no world yet');
    const connection = new HandledConnection(this, socket, options, this.world);
    this.connections.add(connection);
    this.#sessions.set(connection.session, connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }

  /** The connection of a session that the library hands to its callbacks, also after it ended. */
  connectionOf(session: object): HandledConnection | undefined {
    return this.#sessions.get(session);
  }
}

export function createSmtpServer(options: SmtpServerOptions, handler: SmtpHandler): SmtpServer {
  const { logger } = options;
  const refusal = (error: unknown): SmtpReply => {
    if (error instanceof SmtpReply) return error;
    logger.error({ err: error }, 'smtp: the handler failed');
    return new SmtpReply(451, '4.3.0', 'Something went wrong here, see the log');
  };
  const server = buildServer(options, handler);
  server.world = { handler, clock: options.clock, lmtp: false, refusal };
  server.on('error', (error) => logger.debug({ err: error }, 'smtp: connection error'));
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.server.off('error', reject);
          resolve();
        });
      }),
    address() {
      const { address, port } = server.server.address() as AddressInfo;
      return { host: address, port };
    },
    get connections() {
      return server.connections.size;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of server.connections) {
          if (connection instanceof HandledConnection && !connection.busy)
            connection.dismiss('Server shutting down');
        }
      }),
  };
}

function buildServer(options: SmtpServerOptions, handler: SmtpHandler): HandledServer {
  /** Runs a stage for the library: `null` on agreement, its error on refusal. */
  const stage = (
    session: object,
    question: (connection: HandledConnection) => Promise<void>,
    callback: (error?: Error | null) => void,
  ): void => {
    const connection = server.connectionOf(session);
    if (connection === undefined) {
      callback(new Error('connection is gone'));
      return;
    }
    question(connection).then(
      () => callback(null),
      (error: unknown) => callback(connection.refuse(error)),
    );
  };
  const server: HandledServer = new HandledServer({
    name: options.name,
    banner: 'Restante',
    size: options.maxMessageSize,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    authOptional: !options.requireAuth,
    allowInsecureAuth: !options.requireTls,
    maxAllowedUnauthenticatedCommands: false,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    heloResponse: '%s greets %s',
    lenientAddressParsing: true,
    socketTimeout: IDLE_TIMEOUT,
    closeTimeout: DRAIN_TIMEOUT,
    logger: false,
    secure: options.implicitTls,
    ...(options.tls ?? { disabledCommands: ['STARTTLS'] }),
    onConnect: (session, callback) => stage(session, (c) => handler.connect(c), callback),
    onMailFrom: (address, session, callback) =>
      stage(
        session,
        async (connection) => {
          if (options.requireTls && !connection.secure) {
            throw new SmtpReply(530, '5.7.0', 'Must issue a STARTTLS command first');
          }
          await handler.mail(connection, { address: address.address, parameters: address.args || {} });
        },
        callback,
      ),
    onRcptTo: (address, session, callback) =>
      stage(
        session,
        (connection) =>
          handler.rcpt(
            connection,
            { address: address.address, parameters: address.args || {} },
            envelopeOf(session.envelope).from,
          ),
        callback,
      ),
    onAuth: (auth: SMTPServerAuthentication, session, callback) =>
      stage(
        session,
        (connection) => handler.auth(connection, credentialsOf(auth)),
        (error) => (error ? callback(error) : callback(null, { user: credentialsOf(auth).user })),
      ),
    onData: (stream, session, callback) => {
      const envelope = envelopeOf(session.envelope);
      collect(stream, (raw) => {
        const connection = server.connectionOf(session);
        if (raw === null || connection === undefined) {
          callback(null, '');
          return;
        }
        connection.note(`${raw.length} octets of message`);
        handler.message(connection, { envelope, raw }).then(
          (id) => callback(null, `Ok: queued as ${id}`),
          (error: unknown) => callback(connection.refuse(error)),
        );
      });
    },
    onClose: (session) => {
      const connection = server.connectionOf(session);
      if (connection !== undefined) handler.close(connection);
    },
  });
  return server;
}

/** Gathers a message; `null` when it exceeds the limit, which the library answers with 552 itself. */
function collect(stream: SMTPServerDataStream, done: (raw: Buffer | null) => void): void {
  let chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    if (stream.sizeExceeded) chunks = [];
    else chunks.push(chunk);
  });
  stream.on('end', () => {
    const [only] = chunks;
    if (stream.sizeExceeded) done(null);
    else done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
  stream.on('error', () => {
    chunks = [];
  });
}
