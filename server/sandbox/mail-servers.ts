/** Creates the server for one mail listener. */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Capture } from '../capture/capture.ts';
import type { SandboxConfig } from '../config/index.ts';
import { createImapServer } from '../imap/server.ts';
import type { InFlight } from '../net/in-flight/index.ts';
import type { Listener } from '../net/listener.ts';
import type { TlsMaterial } from '../net/tls/index.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import { createPop3Server } from '../pop3/server.ts';
import type { SmtpLimits } from '../smtp/limits.ts';
import { createSmtpServer } from '../smtp/server.ts';
import type { Store } from '../store/store.ts';
import type { WantedListener } from './listeners.ts';

export interface MailWorld {
  readonly config: SandboxConfig;
  readonly store: Store;
  readonly auth: Authenticator;
  readonly capture: Capture;
  readonly tls: TlsMaterial | null;
  readonly inFlight: InFlight;
  readonly logger: Logger;
  readonly version: string;
  readonly clock: () => number;
}

export function createMailServer(
  { protocol, host, port, path, tls }: WantedListener,
  world: MailWorld,
  handshakes: HandshakeWatch,
): Listener {
  const { config, store, auth, capture, logger, version, clock } = world;
  const common = {
    host,
    port,
    tls: world.tls,
    implicitTls: tls === 'implicit',
    requireTls: config.requireTls,
    handshakes,
    logger,
    clock,
  };
  switch (protocol) {
    case 'smtp':
    case 'smtps':
    case 'lmtp': {
      const settings = {
        maxMessageSize: config.maxMessageSize,
        maxRecipients: config.maxRecipients,
        inFlight: world.inFlight,
        requireAuth: config.requireAuth,
        path,
        relays: config.relay !== 'off',
        lmtp: protocol === 'lmtp',
        proxies: config.proxyFrom,
        xclients: config.xclientFrom,
        limits: limitsOf(config),
      };
      return createSmtpServer({ ...common, ...settings, name: hostname() }, capture);
    }
    case 'imap':
    case 'imaps':
      return createImapServer({
        ...common,
        store,
        auth,
        version,
        utf8: config.imapUtf8,
        messageLimit: config.maxMessageSize,
        inFlight: world.inFlight,
        quota: { messages: config.maxMessages || null, octets: config.maxBytes || null },
      });
    case 'pop3':
    case 'pop3s':
      return createPop3Server({ ...common, store, auth, version });
  }
}

/** Returns the SMTP limits that the configuration sets; in the configuration, the value 0 means no limit. */
function limitsOf(config: SandboxConfig): SmtpLimits {
  const limits = {
    connectionsPerClient: config.maxConnections,
    messagesPerConnection: config.maxConnectionMessages,
    messagesPerMinute: config.maxMessagesPerMinute,
    errorsPerConnection: config.maxErrors,
  };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit > 0));
}
