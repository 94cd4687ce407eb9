/** SMTP sessions: what is under way, and what was turned away. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { accountName } from '../store/ids.ts';
import { AccountQuery, OpenSessions } from './contract.ts';
import type { ApiDeps } from './deps.ts';
import { presentRefusal } from './present.ts';

export const sessionRoutes =
  ({ capture }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
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
        const open = capture.openSessions(account === undefined ? undefined : accountName(account));
        return {
          sessions: open.map(({ to, ...session }) => ({ ...session, to: [...to] })),
          refused: capture.refusals(0).map(presentRefusal),
        };
      },
    );
  };
