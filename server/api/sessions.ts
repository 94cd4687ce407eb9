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
/** The topic with which a server asks the other servers on the same store for their connections. */
const TOPIC = 'connections';

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
    /** Returns the oldest connections of this server. */
    const own = (): LiveConnection[] => {
      const mail = deps
        .liveSessions()
        .flatMap(({ protocol, session }) =>
          protocol === 'http' || protocol === 'https' ? [] : [{ protocol, session }],
        );
      const open = [...mail, ...deps.streams.list()].sort((a, b) => a.session.since - b.session.since);
      return open.slice(0, SHOWN).map(({ protocol, session }) => present(protocol, session));
    };
    const noLongerAnswer = deps.store.nodes.answer(TOPIC, async () => own());
    app.addHook('onClose', async () => noLongerAnswer());

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
        const others = await deps.store.nodes.ask<readonly LiveConnection[]>(TOPIC, null);
        const connections = [...own(), ...others.flat()].sort(
          (a, b) => Date.parse(a.since) - Date.parse(b.since),
        );
        return { connections: connections.slice(0, SHOWN) };
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
        const open = await deps.capture.allOpenSessions(
          account === undefined ? undefined : accountName(account),
        );
        return {
          sessions: open.map(({ to, ...session }) => ({ ...session, to: [...to] })),
          refused: (await deps.capture.allRefusals(0)).map(presentRefusal),
        };
      },
    );
  };
