/** Mail to the application itself, where it takes some: not captured, not relayed, handed over. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HandedOver, SubmitQuery } from '../../contract/index.ts';
import { readSubmission, SUBMISSION } from './compose.ts';
import type { ApiDeps } from './deps.ts';
import { ProblemError } from '../../contract/problems.ts';

/** Registered where `message/rfc822` is understood. */
export const applicationRoutes =
  ({ application, maxMessageSize }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/application',
      {
        bodyLimit: 2 * maxMessageSize,
        schema: {
          summary: 'Hand a message to the application, at the address given at the start (--app)',
          querystring: SubmitQuery,
          body: SUBMISSION,
          response: { 200: HandedOver },
        },
      },
      async ({ body, query }) => {
        if (application === null) {
          throw new ProblemError(
            'no-application',
            'Start the server with --app smtp://HOST:PORT, or with a URL that accepts mail by POST',
          );
        }
        const { raw, envelope } = await readSubmission(body, query, maxMessageSize);
        const to = envelope.to.map(({ address }) => address);
        const { reply, rejected } = await application.hand(raw, { from: envelope.from.address, to });
        return { reply, rejected: rejected.map((refusal) => ({ ...refusal })) };
      },
    );
  };
