/** The API calls for open connections, and for open and refused SMTP sessions. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { accountName } from '../store/ids.ts';
import { AccountQuery, LiveConnections, OpenSessions, type LiveConnection } from '../../contract/index.ts';
import type { LiveSession } from '../net/live-session.ts';
import type { ApiDeps } from './deps.ts';
import { instant } from '../service/present/instant.ts';
import type { OpenStreams } from './events/open-streams.ts';
import { presentRefusal } from '../service/present/message.ts';

/**
 * The maximum number of connections in the list. The list is limited because a load test opens thousands of
 * connections.
 */
const SHOWN = 500;

const present = (
  protocol: LiveConnection['protocol'],
  { since, tls, deviations = [], ...session }: LiveSession,
): LiveConnection => ({
  protocol,
  ...session,
  since: instant(since),
  deviations: [...deviations],
  tls: tls === null ? null : { protocol: tls.protocol, cipher: tls.cipher },
});

export const sessionRoutes =
  (deps: ApiDeps & { readonly streams: OpenStreams }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/connections',
      {
        schema: {
          operationId: 'listConnections',
          tag: 'Server',
          summary: 'List the open connections: SMTP, IMAP, POP3 and event streams',
          response: { 200: LiveConnections },
        },
      },
      async () => {
        const mail = deps
          .liveSessions()
          .flatMap(({ protocol, session }) =>
            protocol === 'http' || protocol === 'https' ? [] : [{ protocol, session }],
          );
        const open = [...mail, ...deps.streams.list()].sort((a, b) => a.session.since - b.session.since);
        return {
          connections: open.slice(0, SHOWN).map(({ protocol, session }) => present(protocol, session)),
        };
      },
    );

    app.get(
      '/sessions',
      {
        schema: {
          operationId: 'listSessions',
          tag: 'Server',
          summary: 'List open SMTP sessions, and sessions that were refused recently',
          querystring: AccountQuery,
          response: { 200: OpenSessions },
        },
      },
      async ({ query: { account } }) => {
        const open = deps.capture.openSessions(account === undefined ? undefined : accountName(account));
        return {
          sessions: open.map(({ to, ...session }) => ({ ...session, to: [...to] })),
          refused: deps.capture.refusals(0).map(presentRefusal),
        };
      },
    );
  };
