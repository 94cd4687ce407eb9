/** The APIs with which Restante answers as other tools do. */
import type { FastifyInstance } from 'fastify';
import type { Pictures } from '../service/picture/index.ts';
import type { MessageReading } from '../service/reading/index.ts';
import type { CompatDeps } from './call.ts';
import { maildevRoutes } from './maildev/index.ts';
import { isMailhogEvents, mailhogRoutes } from './mailhog/index.ts';
import { mailosaurRoutes } from './mailosaur/index.ts';
import { mailtrapRoutes } from './mailtrap/index.ts';
import { isMailpitEvents, MAILPIT_EVENTS, mailpitRoutes } from './mailpit/index.ts';

/** The services that are created for Restante's own API, and that the APIs of the other tools use, too. */
interface Shared {
  readonly reading: MessageReading;
  readonly pictures: Pictures;
}

/** The API of a tool, in the form in which the server registers additional APIs. */
interface CompatApi {
  readonly routes: (app: FastifyInstance, shared: Shared) => Promise<void>;
  /** Returns whether a URL path below the base path is the path of a WebSocket of this API. */
  readonly isEventsPath: (path: string) => boolean;
  /**
   * The path below the base path to which a WebSocket at `/api/events` is passed on if it has neither a query nor a
   * subprotocol; `null` if such a WebSocket gets the events of Restante.
   */
  readonly bareEvents: string | null;
}

/** Returns the APIs of all tools. */
export function compatApis(deps: Omit<CompatDeps, keyof Shared>): readonly CompatApi[] {
  return [
    {
      routes: (app, shared) => mailpitRoutes(app, { ...deps, ...shared }),
      isEventsPath: isMailpitEvents,
      bareEvents: deps.as === 'mailpit' ? MAILPIT_EVENTS : null,
    },
    {
      routes: (app, shared) => mailhogRoutes(app, { ...deps, ...shared }),
      isEventsPath: isMailhogEvents,
      bareEvents: null,
    },
    {
      routes: (app, shared) => maildevRoutes(app, { ...deps, ...shared }),
      isEventsPath: () => false,
      bareEvents: null,
    },
    {
      routes: (app, shared) => mailosaurRoutes(app, { ...deps, ...shared }),
      isEventsPath: () => false,
      bareEvents: null,
    },
    {
      routes: (app, shared) => mailtrapRoutes(app, { ...deps, ...shared }),
      isEventsPath: () => false,
      bareEvents: null,
    },
  ];
}
