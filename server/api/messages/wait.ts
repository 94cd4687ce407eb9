/** The API call that waits for a message. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Detail, WaitQuery } from '../../../contract/index.ts';
import { problemOf } from '../../../contract/problems.ts';
import { presentRefusal } from '../../service/present/message.ts';
import type { MessageReading } from '../../service/reading/index.ts';
import { readScope } from '../../service/scope.ts';
import type { Waits, WaitTimeoutReport } from '../../service/wait/index.ts';
import type { ApiDeps } from '../deps.ts';
import { whileConnected } from '../http/while-connected.ts';
import { sendProblem } from '../problem/index.ts';
import { sendDetail } from './detail.ts';
import { serialiseTimeout, type WaitTimeoutHead } from './wait-timeout.ts';

function timeoutHead(
  { account, after, nearMisses, refused }: WaitTimeoutReport,
  timeout: number,
): WaitTimeoutHead {
  return {
    ...problemOf('wait-timeout', {
      detail: `No message in ${account} matched within ${timeout} ms; messages that arrived there and did not match: ${nearMisses.total}`,
    }),
    query: nearMisses.query,
    account,
    after,
    seq: nearMisses.seq,
    refused: refused.map(presentRefusal),
  };
}

export const waitRoutes =
  (deps: ApiDeps & { readonly reading: MessageReading; readonly waits: Waits }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { waits } = deps;
    app.addHook('preClose', async () => waits.close());

    app.get(
      '/messages/wait',
      {
        schema: {
          operationId: 'waitForMessage',
          tag: 'Messages',
          summary: 'Wait for a message: returns the oldest match after a seq, at once or when it is captured',
          problems: ['query', 'wait-timeout', 'unreadable'],
          querystring: WaitQuery,
          response: { 200: Detail },
        },
      },
      async ({ query, raw: { socket } }, reply) => {
        const { timeout = 10_000, after = 0, reportAfter = after, waited = 0, ...given } = query;
        const scope = readScope(given);
        const outcome = await whileConnected(socket, (signal) =>
          waits.wait({ scope, after, reportAfter, timeout, waited, signal }),
        );
        if ('message' in outcome) return sendDetail(deps.store, deps.reading, outcome.message, reply);
        const head = timeoutHead(outcome.timeout, timeout);
        return sendProblem(reply, head, () => serialiseTimeout(head, outcome.timeout.nearMisses));
      },
    );
  };
