/**
 * The listener of a mail protocol. SMTP brings a server of its own, that of smtp-server; IMAP and POP3 share the listener
 * that `lineListener` makes.
 */
import net from 'node:net';
import type { Logger } from 'pino';
import type { LiveSession } from './live-session.ts';
import { secureContext, type TlsMaterial } from './tls.ts';
import { acceptTls } from './tls/accept.ts';
import type { HandshakeWatch } from './tls/handshake.ts';

/**
 * Connections that may wait to be accepted. Above the limit the kernel drops the client's SYN, and the client repeats it
 * after a second. Node's default is 511; a test run may open thousands of connections at once. The kernel may impose a
 * lower limit (`somaxconn`).
 */
export const BACKLOG = 4096;

/** A server of one protocol on one port or socket. */
export interface Listener {
  /** Resolves when the port is bound; rejects with the system's error. */
  listen(): Promise<void>;
  /** The bound address; only after `listen`. */
  address(): { readonly host: string; readonly port: number };
  /** Connections open now. */
  readonly connections: number;
  /** The sessions of the open connections. */
  sessions(): readonly LiveSession[];
  /** Stops accepting, lets running work finish, then closes. */
  close(): Promise<void>;
}

/** One client of a line protocol. */
export interface LineDialogue {
  /** Serves until the client leaves, is silent for too long, or the server closes. Never rejects. */
  run(): Promise<void>;
  /** Ends the dialogue, whatever it does now. */
  stop(): Promise<void>;
  readonly live: LiveSession;
}

export interface LineListenerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Key and certificate as PEM. */
  readonly tls: TlsMaterial | null;
  /** TLS from the first octet; needs `tls`. */
  readonly implicitTls: boolean;
  readonly handshakes: HandshakeWatch | null;
  readonly logger: Logger;
  /** Name of the protocol in the log. */
  readonly protocol: string;
  /** A new dialogue on a connection, after the handshake where there is one. */
  open(socket: net.Socket): LineDialogue;
  /** Called when the last dialogue has ended. */
  closed?(): void;
}

/** Throws where TLS from the first octet is to be served without a certificate. */
export function lineListener(options: LineListenerOptions): Listener {
  const { host, port, logger, protocol } = options;
  const dialogues = new Map<LineDialogue, Promise<void>>();
  const server = netServer(options, (socket) => {
    const dialogue = options.open(socket);
    dialogues.set(
      dialogue,
      dialogue.run().finally(() => dialogues.delete(dialogue)),
    );
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port, backlog: BACKLOG }, () => {
          server.off('error', reject);
          server.on('error', (error) => logger.error({ err: error }, `${protocol}: the listener failed`));
          resolve();
        });
      }),
    address() {
      const bound = server.address() as net.AddressInfo;
      return { host: bound.address, port: bound.port };
    },
    get connections() {
      return dialogues.size;
    },
    sessions: () => [...dialogues.keys()].map(({ live }) => live),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...dialogues.keys()].map((dialogue) => dialogue.stop()));
      await Promise.all(dialogues.values());
      options.closed?.();
      await closed;
    },
  };
}

function netServer(
  { tls, implicitTls, handshakes }: LineListenerOptions,
  accept: (socket: net.Socket) => void,
): net.Server {
  if (!implicitTls) return net.createServer({ allowHalfOpen: true }, accept);
  if (tls === null) throw new Error('Implicit TLS needs a certificate');
  const context = secureContext(tls);
  return net.createServer((socket) => acceptTls(socket, context, handshakes, accept));
}
