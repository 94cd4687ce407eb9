/**
 * The listener of a mail protocol. SMTP uses a listener of its own, based on the package smtp-server; IMAP and
 * POP3 use the listener that `lineListener` creates.
 */
import net from 'node:net';
import type { Logger } from 'pino';
import type { LiveSession } from './live-session.ts';
import { secureContext, type TlsMaterial } from './tls/index.ts';
import { acceptTls } from './tls/accept.ts';
import type { HandshakeWatch } from './tls/handshake.ts';

/**
 * The maximum number of connections that wait to be accepted. Above it, the kernel drops the client's SYN, and
 * the client sends it again after a second. Node's default is 511, but a test run may open thousands of
 * connections at once. The kernel may impose a lower limit (`somaxconn`).
 */
export const BACKLOG = 4096;

/** A server of one protocol on one port or socket. */
export interface Listener {
  /** Resolves when the port is bound; rejects with the system's error. */
  listen(): Promise<void>;
  /**
   * Returns the bound address and port. They remain available after the listener has closed, because a failed TLS
   * handshake may still be reported then. Must not be called before `listen` has resolved.
   */
  address(): { readonly host: string; readonly port: number };
  /** The number of open connections. */
  readonly connections: number;
  /** The sessions of the open connections, as the UI and the API show them. */
  sessions(): readonly LiveSession[];
  /** Stops accepting connections, waits until current commands have finished, then closes the connections. */
  close(): Promise<void>;
}

/** The dialogue with one client of a line protocol (IMAP or POP3). */
export interface LineDialogue {
  /** Serves the client until it disconnects, the idle timeout passes, or the server closes. Never rejects. */
  run(): Promise<void>;
  /** Ends the dialogue with the client, even while a command is running. */
  stop(): Promise<void>;
  readonly live: LiveSession;
}

export interface LineListenerOptions {
  readonly host: string;
  /** The port to listen on; 0 selects a free port. */
  readonly port: number;
  /** The key and the certificate in PEM; `null` disables TLS. */
  readonly tls: TlsMaterial | null;
  /** Whether TLS begins with the first octet (implicit TLS); requires `tls`. */
  readonly implicitTls: boolean;
  readonly handshakes: HandshakeWatch | null;
  readonly logger: Logger;
  /** The name of the protocol in log lines. */
  readonly protocol: string;
  /** Creates the dialogue for a connection; with implicit TLS, it is called after the handshake. */
  open(socket: net.Socket): LineDialogue;
  /** The function that `close` calls after the last dialogue has ended. */
  closed?(): void;
}

/** Creates the listener of a line protocol. Throws when implicit TLS is requested without a certificate. */
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
  let bound: net.AddressInfo | undefined;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port, backlog: BACKLOG }, () => {
          server.off('error', reject);
          bound = server.address() as net.AddressInfo;
          server.on('error', (error) => logger.error({ err: error }, `${protocol}: the listener failed`));
          resolve();
        });
      }),
    address: () => ({ host: bound?.address ?? host, port: bound?.port ?? port }),
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
