/** The API calls for the checks of a message. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { isLiveCheck } from '../../checks/check.ts';
import { CheckName, CheckReport, ChecksQuery, CheckRun } from '../../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { presentReport, readClients } from '../../service/present/check.ts';
import { notFound } from '../../../contract/problems.ts';
import { findMessage } from '../../service/scope.ts';

const MessagePath = Type.Object({ id: Type.String({ description: 'Id, or `latest` in the scope.' }) });
const CheckPath = Type.Object({ ...MessagePath.properties, check: CheckName });

export const checkRoutes =
  ({ store, checks }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const resultsOf = async (path: string, { clients, ...scope }: ChecksQuery) => {
      const { id } = (await findMessage(store, path, scope)).summary;
      const results = await checks.results(id, readClients(clients));
      if (results === undefined) throw notFound(`There is no message ${id}`);
      return results;
    };

    app.get(
      '/messages/:id/checks',
      {
        schema: {
          operationId: 'getChecks',
          tag: 'Checks',
          summary: 'Get the results of all checks of a message; for live checks, those of the last run',
          problems: ['not-found'],
          params: MessagePath,
          querystring: ChecksQuery,
          response: { 200: CheckReport },
        },
      },
      async ({ params, query }) => presentReport(await resultsOf(params.id, query), false),
    );

    app.get(
      '/messages/:id/checks/:check',
      {
        schema: {
          operationId: 'getCheck',
          tag: 'Checks',
          summary: 'Get the result of one check with its details',
          problems: ['not-found'],
          params: CheckPath,
          querystring: ChecksQuery,
          response: { 200: CheckReport },
        },
      },
      async ({ params, query }) => {
        const results = await resultsOf(params.id, query);
        return presentReport(
          results.filter(({ check }) => check === params.check),
          true,
        );
      },
    );

    app.post(
      '/messages/:id/checks/:check',
      {
        schema: {
          operationId: 'runCheck',
          tag: 'Checks',
          summary: 'Run a check that contacts other servers; the result is stored with the message',
          problems: ['not-found', 'busy', 'unwritable'],
          params: CheckPath,
          querystring: ChecksQuery,
          body: Type.Union([CheckRun, Type.Null()]),
          response: { 200: CheckReport },
        },
      },
      async ({ params, query, body }) => {
        const { clients, ...scope } = query;
        const { id } = (await findMessage(store, params.id, scope)).summary;
        if (!isLiveCheck(params.check)) {
          const results = await resultsOf(id, { ...(clients === undefined ? {} : { clients }) });
          return presentReport(
            results.filter(({ check }) => check === params.check),
            true,
          );
        }
        const result = await checks.run(id, params.check, body ?? {});
        if (result === undefined) throw notFound(`There is no message ${id}, or its bytes were deleted`);
        return presentReport([result], true);
      },
    );
  };
