/** The services and settings that the API receives when the server starts. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Capture } from '../capture/capture.ts';
import type { Checks } from '../checks/index.ts';
import type { InFlight } from '../net/in-flight/index.ts';
import type { LiveSession } from '../net/live-session.ts';
import type { Application } from '../relay/application.ts';
import type { Relay } from '../relay/relay.ts';
import type { Pictures } from '../service/picture/index.ts';
import type { MessageReading } from '../service/reading/index.ts';
import type { Waits } from '../service/wait/index.ts';
import type { Store } from '../store/store.ts';
import type { ThreadPool } from '../thread/pool.ts';
import type { Endpoint, Info } from '../../contract/index.ts';

/**
 * Registers the routes of an additional API of the server, for example the API that answers as Mailpit does. The
 * routes have the base path of the server as their prefix, and the same access checks as Restante's own API.
 *
 * @param shared the services that Restante's own API creates and that the additional APIs also use
 */
export type Routes = (
  app: FastifyInstance,
  shared: { readonly reading: MessageReading; readonly pictures: Pictures; readonly waits: Waits },
) => Promise<void>;

/** An additional API of the server, for example the API of another tool. */
export interface Door {
  readonly routes: Routes;
  /** Returns whether a URL path below the base path is the path of an event stream of this API. */
  readonly isEventsPath: (path: string) => boolean;
  /**
   * The path below the base path to which a WebSocket at `/api/events` without a query and without a subprotocol is
   * passed on, because clients of other tools open such a WebSocket; `null` if the WebSocket gets the events of
   * Restante.
   */
  readonly bareEvents: string | null;
}

export interface ApiDeps {
  readonly store: Store;
  readonly capture: Capture;
  readonly logger: Logger;
  readonly version: string;
  readonly startedBy: Info['startedBy'];
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a random number of at least 0 and less than 1. */
  readonly random: () => number;
  /** The base path of all URLs of the server, with a slash at both ends. */
  readonly basePath: string;
  /** The user name and password that all requests except probes require; `null` if no login is required. */
  readonly webAuth: { readonly user: string; readonly password: string } | null;
  /**
   * The API keys that the APIs of Mailosaur and Mailtrap accept without `--web-auth`; empty if they accept any key.
   */
  readonly apiKeys: readonly string[];
  /** The origins, besides the origin of this server, whose pages may call the API. */
  readonly allowOrigins: readonly string[];
  /** The certificate of the local certificate authority in PEM; `null` if there is none. */
  readonly authority: string | null;
  readonly maxMessageSize: number;
  /**
   * The buffer that stores messages while a request transfers them, and that limits the number of message
   * octets in memory.
   */
  readonly inFlight: InFlight;
  readonly limits: Info['limits'];
  readonly logins: Info['logins'];
  readonly relay: Relay;
  /** The application under test, to which mail can be sent; `null` if none is configured. */
  readonly application: Application | null;
  readonly checks: Checks;
  /** The browser that takes pictures of messages: its path, `auto` for an installed browser, or `off`. */
  readonly chrome: string;
  /** The worker threads that parse large messages. */
  readonly threads: ThreadPool;
  /** The additional APIs of the server, for example the API that answers as Mailpit does. */
  readonly doors: readonly Door[];
  /** The directory of the built UI; if `null`, no UI is served. */
  readonly ui: string | null;
  /** Returns the addresses of the listeners; the list is complete when every listener is bound. */
  endpoints(): readonly Endpoint[];
  /** Returns the addresses by which other machines can reach the listeners. */
  hosts(): readonly string[];
  /** Returns whether every listener is bound, which means that the server is ready. */
  ready(): boolean;
  /** Returns the number of open connections of each protocol. */
  sessions(): Info['sessions'];
  /** Returns each open connection, with the protocol of its listener. */
  liveSessions(): readonly { readonly protocol: Endpoint['protocol']; readonly session: LiveSession }[];
}
