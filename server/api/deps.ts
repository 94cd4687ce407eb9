/** Dependencies of the API, which the composition root passes in. */
import type { Logger } from 'pino';
import type { Capture } from '../capture/capture.ts';
import type { Checks } from '../checks/index.ts';
import type { InFlight } from '../net/in-flight/index.ts';
import type { LiveSession } from '../net/live-session.ts';
import type { HandshakeWatch } from '../net/tls/handshake.ts';
import type { Application } from '../relay/application.ts';
import type { Relay } from '../relay/relay.ts';
import type { Store } from '../store/store.ts';
import type { ThreadPool } from '../thread/pool.ts';
import type { Endpoint, Info } from '../../contract/index.ts';

export interface ApiDeps {
  readonly store: Store;
  readonly capture: Capture;
  readonly logger: Logger;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Path below which everything is served, with a slash at both ends. */
  readonly basePath: string;
  /** Login asked for on everything but the probes; `null` for none. */
  readonly webAuth: { readonly user: string; readonly password: string } | null;
  /** Is notified of failed TLS handshakes of the HTTPS listener. */
  readonly handshakes: HandshakeWatch;
  /** Origins besides this server's own that may call it. */
  readonly allowOrigins: readonly string[];
  readonly maxMessageSize: number;
  /** Where messages are held while a request brings them. */
  readonly inFlight: InFlight;
  readonly limits: Info['limits'];
  readonly logins: Info['logins'];
  readonly relay: Relay;
  /** Where the application takes mail; `null` when nobody said. */
  readonly application: Application | null;
  readonly checks: Checks;
  /** Where large messages are read. */
  readonly threads: ThreadPool;
  /** Directory of the built UI; `null` serves none. */
  readonly ui: string | null;
  /** Where the sandbox is reached; complete once every listener is bound. */
  endpoints(): readonly Endpoint[];
  /** Addresses by which other machines reach the listeners. */
  hosts(): readonly string[];
  /** Whether every listener is bound. */
  ready(): boolean;
  /** Connections open now. */
  sessions(): Info['sessions'];
  /** The same, one by one, with the protocol of their listener. */
  liveSessions(): readonly { readonly protocol: Endpoint['protocol']; readonly session: LiveSession }[];
}
