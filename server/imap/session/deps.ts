/** The dependencies that all sessions of a server share. */
import type { SecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { Authenticator } from '../../auth.ts';
import type { InFlight } from '../../net/in-flight/index.ts';
import type { Store } from '../../store/store.ts';
import type { Announcer } from './announcer.ts';
import type { Idlers } from './idlers.ts';
import type { MailboxFeed } from './mailbox-feed.ts';
import type { MessageCache } from '../message/message-cache.ts';

export interface ImapDeps {
  readonly store: Store;
  readonly auth: Authenticator;
  readonly logger: Logger;
  readonly feed: MailboxFeed;
  readonly messages: MessageCache;
  readonly idlers: Idlers;
  readonly announcer: Announcer;
  /** Capabilities that the commands provide. */
  readonly offered: readonly string[];
  /** SASL mechanisms offered, in the order of preference. */
  readonly mechanisms: readonly string[];
  /** For STARTTLS; `null` if TLS is not configured. */
  readonly secureContext: SecureContext | null;
  /** Refuses logins without TLS (LOGINDISABLED). */
  readonly requireTls: boolean;
  /** Octets of the largest message that APPEND accepts. */
  readonly messageLimit: number;
  /** Holds messages while APPEND receives them. */
  readonly inFlight: InFlight;
  /** The retention limits of the store, which QUOTA reports; `null` means unlimited. */
  readonly quota: { readonly messages: number | null; readonly octets: number | null };
  /** Milliseconds without a command after login that end a session. */
  readonly idleTimeout: number;
  /** Version for ID. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}
