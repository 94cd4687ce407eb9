/** The objects and settings that all sessions of a server share. */
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
  /** The capabilities that the server announces because of the commands that it implements. */
  readonly offered: readonly string[];
  /** The offered SASL mechanisms, in the order of preference. */
  readonly mechanisms: readonly string[];
  /** Key and certificate for STARTTLS; `null` if TLS is not configured. */
  readonly secureContext: SecureContext | null;
  /** Whether logins without TLS are refused (LOGINDISABLED). */
  readonly requireTls: boolean;
  /** Size of the largest message that APPEND accepts, in octets. */
  readonly messageLimit: number;
  /** The object that holds messages in memory or in temporary files while APPEND receives them. */
  readonly inFlight: InFlight;
  /** The retention limits of the store, which the QUOTA response reports; `null` means unlimited. */
  readonly quota: { readonly messages: number | null; readonly octets: number | null };
  /** Time without a command after login that ends a session, in milliseconds. */
  readonly idleTimeout: number;
  /** Version of the server for the ID response. */
  readonly version: string;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
}
