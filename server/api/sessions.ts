/** Who is connected, SMTP sessions under way, and those that were turned away. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { accountName } from '../store/ids.ts';
import { AccountQuery, LiveConnections, OpenSessions, type LiveConnection } from '../../contract/index.ts';
import type { LiveSession } from '../net/live-session.ts';
import type { ApiDeps } from './deps.ts';
import { instant } from '../service/present/instant.ts';
import type { OpenStreams } from './events/open-streams.ts';
import { presentRefusal } from '../service/present/message.ts';

/** Connections shown at once: a load test opens thousands, and nobody reads them. */
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
          summary: 'Connections that are open now: SMTP, IMAP, POP3 and event streams',
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
          summary: 'SMTP sessions that are open, and those that were refused lately',
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
