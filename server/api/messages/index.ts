/** The API calls for several messages (lists, marks and deletions by query), and for new messages. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Seq } from '../../store/ids.ts';
import {
  AccountQuery,
  BulkOutcome,
  Captured,
  CodesList,
  CodesQuery,
  DeleteQuery,
  DeletionOutcome,
  ListQuery,
  Marks,
  MessagePage,
  RemoveMatchingQuery,
  SubmitQuery,
  TagList,
  type ScopeQuery,
} from '../../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJson, RAW_MESSAGE } from './held-body.ts';
import { presentPage } from '../../service/present/message.ts';
import { ProblemError } from '../../../contract/problems.ts';
import type { Deletion } from '../../service/deletion.ts';
import { readCodes } from '../../service/reading/detail.ts';
import type { MessageReading } from '../../service/reading/index.ts';
import { storeMarks } from '../../service/marks.ts';
import { readScope, type Scope } from '../../service/scope.ts';
import { SUBMISSION, withSubmission } from './submission.ts';

/**
 * Returns the account and query of a call that changes several messages. Throws if the call has neither a
 * query nor `all=true`.
 */
function bulkScope({ all, ...asked }: ScopeQuery & { all?: boolean }): Scope {
  if ((asked.query ?? '').trim() === '' && all !== true) {
    throw new ProblemError(
      'scope',
      'The call selects no messages: give a query, or all=true for all messages',
    );
  }
  return readScope(asked);
}

export const messageRoutes =
  ({
    store,
    capture,
    maxMessageSize,
    inFlight,
    deletion,
    reading,
  }: ApiDeps & {
    readonly deletion: Deletion;
    readonly reading: MessageReading;
  }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addContentTypeParser(RAW_MESSAGE, (_request, body, done) => done(null, body));

    app.get(
      '/messages',
      {
        schema: {
          operationId: 'listMessages',
          tag: 'Messages',
          summary: 'List messages, newest first',
          problems: ['query', 'invalid-name', 'invalid-cursor'],
          querystring: ListQuery,
          response: { 200: MessagePage },
        },
      },
      async ({ query: { limit = 50, cursor, after, exact = false, ...asked } }) => {
        const page = await store.messages.list({
          ...readScope(asked),
          limit,
          ...(cursor === undefined ? {} : { cursor }),
          ...(after === undefined ? {} : { after: after as Seq }),
          exactTotal: exact,
        });
        return presentPage(page);
      },
    );

    app.get(
      '/messages/codes',
      {
        schema: {
          operationId: 'listCodes',
          tag: 'Messages',
          summary: 'List the codes and links of several messages; unknown ids are left out',
          problems: [],
          querystring: CodesQuery,
          response: { 200: CodesList },
        },
      },
      async ({ query: { ids } }) => ({ messages: [...(await readCodes(store, reading, ids.split(',')))] }),
    );

    app.patch(
      '/messages',
      {
        schema: {
          operationId: 'markMessages',
          tag: 'Messages',
          summary:
            'Mark every message that matches as seen or flagged, and change its tags; `tags` replaces them',
          problems: ['query', 'scope', 'unwritable'],
          querystring: DeleteQuery,
          body: Marks,
          response: { 200: BulkOutcome },
        },
      },
      async ({ query, body }) => {
        const scope = bulkScope(query);
        const marks = await storeMarks(store, scope.account, body);
        return { count: await store.messages.markMatching(scope, marks) };
      },
    );

    app.delete(
      '/messages',
      {
        schema: {
          operationId: 'deleteMessages',
          tag: 'Messages',
          summary: 'Delete every message that matches; in `all`, the deletion is permanent',
          problems: ['query', 'scope', 'unwritable'],
          querystring: RemoveMatchingQuery,
          response: { 200: DeletionOutcome },
        },
      },
      async ({ query: { undo, ...query } }) =>
        undo === undefined
          ? { count: await store.messages.removeMatching(bulkScope(query)) }
          : deletion.removeMatching(bulkScope(query), undo),
    );

    app.post(
      '/messages',
      {
        bodyLimit: 2 * maxMessageSize,
        preParsing: heldJson(inFlight, 2 * maxMessageSize),
        schema: {
          operationId: 'submitMessage',
          tag: 'Messages',
          summary: 'Capture a message as if by SMTP: raw (message/rfc822), or composed from JSON',
          problems: ['refused', 'unwritable', 'no-storage'],
          querystring: SubmitQuery,
          body: SUBMISSION,
          response: { 201: Captured },
        },
      },
      async ({ body, query, headers }, reply) => {
        const {
          id,
          reply: said,
          rejected,
        } = await withSubmission({ body, query, headers }, { inFlight, maxMessageSize }, (octets, envelope) =>
          capture.submit(octets, envelope),
        );
        return reply
          .code(201)
          .send({ id, reply: said, rejected: rejected.map((refusal) => ({ ...refusal })) });
      },
    );

    app.get(
      '/tags',
      {
        schema: {
          operationId: 'listTags',
          tag: 'Messages',
          summary: 'List the tags in use with their counts',
          querystring: AccountQuery,
          response: { 200: TagList },
        },
      },
      async ({ query }) => {
        const tags = await store.messages.tags(readScope(query).account);
        return { tags: tags.map(({ tag, messages }) => ({ tag, messages })) };
      },
    );
  };
