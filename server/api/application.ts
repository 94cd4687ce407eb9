/**
 * The API call that sends a message directly to the application under test. The message is neither captured nor
 * relayed.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HandedOver, SubmitQuery } from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { ProblemError } from '../../contract/problems.ts';
import { heldJson } from './messages/held-body.ts';
import { SUBMISSION, withSubmission } from './messages/submission.ts';

/**
 * Registers the routes of the call that sends a message to the application under test. The routes must be
 * registered in a context that has a parser for `message/rfc822`.
 */
export const applicationRoutes =
  ({ application, maxMessageSize, inFlight }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/application',
      {
        bodyLimit: 2 * maxMessageSize,
        preParsing: heldJson(inFlight, 2 * maxMessageSize),
        schema: {
          operationId: 'sendToApplication',
          tag: 'Messages',
          summary: 'Send a message to the application, at the address that `--app` configures',
          problems: ['no-application', 'application-refused', 'busy'],
          querystring: SubmitQuery,
          body: SUBMISSION,
          response: { 200: HandedOver },
        },
      },
      async ({ body, query, headers }) => {
        if (application === null) {
          throw new ProblemError(
            'no-application',
            'Start the server with --app smtp://HOST:PORT, or with a URL that accepts mail by POST',
          );
        }
        const { reply, rejected } = await withSubmission(
          { body, query, headers },
          { inFlight, maxMessageSize, inMemory: true },
          (raw, { from, to }) => {
            if (!Buffer.isBuffer(raw)) throw new Error('A message that must be in memory is in a file');
            return application.hand(raw, {
              from: from.address,
              to: to.map(({ address }) => address),
            });
          },
        );
        return { reply, rejected: rejected.map((refusal) => ({ ...refusal })) };
      },
    );
  };
