/** The APIs with which Restante answers as other tools do. */
import type { FastifyInstance } from 'fastify';
import type { MessageReading } from '../service/reading/index.ts';
import type { CompatDeps } from './call.ts';
import { maildevRoutes } from './maildev/index.ts';
import { isMailhogEvents, mailhogRoutes } from './mailhog/index.ts';
import { isMailpitEvents, MAILPIT_EVENTS, mailpitRoutes } from './mailpit/index.ts';

/** The API of a tool, in the form in which the server registers additional APIs. */
interface CompatApi {
  readonly routes: (app: FastifyInstance, shared: { readonly reading: MessageReading }) => Promise<void>;
  /** Returns whether a URL path below the base path is the path of a WebSocket of this API. */
  readonly isEventsPath: (path: string) => boolean;
  /**
   * The path below the base path to which a WebSocket at `/api/events` is passed on if it has neither a query nor a
   * subprotocol; `null` if such a WebSocket gets the events of Restante.
   */
  readonly bareEvents: string | null;
}

/** Returns the APIs of all tools. */
export function compatApis(deps: Omit<CompatDeps, 'reading'>): readonly CompatApi[] {
  return [
    {
      routes: (app, { reading }) => mailpitRoutes(app, { ...deps, reading }),
      isEventsPath: isMailpitEvents,
      bareEvents: deps.as === 'mailpit' ? MAILPIT_EVENTS : null,
    },
    {
      routes: (app, { reading }) => mailhogRoutes(app, { ...deps, reading }),
      isEventsPath: isMailhogEvents,
      bareEvents: null,
    },
    {
      routes: (app, { reading }) => maildevRoutes(app, { ...deps, reading }),
      isEventsPath: () => false,
      bareEvents: null,
    },
  ];
}
