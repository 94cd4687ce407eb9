/** The API call that takes a picture of a message. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ScopeQuery } from '../../../contract/index.ts';
import { DEFAULT_WIDTH, MAX_WIDTH, MIN_WIDTH, type Pictures } from '../../service/picture/index.ts';
import { findMessage } from '../../service/scope.ts';
import type { ApiDeps } from '../deps.ts';
import { whileConnected } from '../http/while-connected.ts';
import { binary } from './binary.ts';

const PictureQuery = Type.Object({
  ...ScopeQuery.properties,
  width: Type.Optional(
    Type.Integer({
      minimum: MIN_WIDTH,
      maximum: MAX_WIDTH,
      default: DEFAULT_WIDTH,
      description: 'Width of the window in pixels.',
    }),
  ),
  dark: Type.Optional(Type.Boolean({ description: 'Show it to a reader who prefers dark colours.' })),
});

export const pictureRoutes =
  ({ store, pictures }: ApiDeps & { readonly pictures: Pictures }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('preClose', async () => pictures.close());

    app.get(
      '/messages/:id/picture',
      {
        schema: {
          operationId: 'getMessagePicture',
          tag: 'Messages',
          summary: 'Take a picture of the HTML body with the browser of the server’s machine',
          problems: ['not-found', 'no-browser', 'unreadable', 'busy'],
          params: Type.Object({ id: Type.String({ description: 'Id, or `latest` in the scope.' }) }),
          querystring: PictureQuery,
          response: { 200: binary('The picture, without network content.', 'image/png') },
        },
      },
      async ({ params, query, raw: { socket } }, reply) => {
        const { width = DEFAULT_WIDTH, dark = false, ...scope } = query;
        const { summary } = await findMessage(store, params.id, scope);
        const { png } = await whileConnected(socket, (signal) =>
          pictures.take(summary, { width, dark }, signal),
        );
        reply.header('cache-control', 'private, no-cache');
        return reply.type('image/png').send(png);
      },
    );
  };
