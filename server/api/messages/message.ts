/**
 * The API calls for one message: detail, raw bytes, parts, preview, marks and deletion. Requesting a message does
 * not mark it as read.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import Type from 'typebox';
import type { MessageId } from '../../store/ids.ts';
import {
  DeletionOutcome,
  Detail,
  Marks,
  NoContent,
  RemoveQuery,
  ScopeQuery,
  Transcript,
  UndoOutcome,
} from '../../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { binary } from './binary.ts';
import { sendDetail } from './detail.ts';
import type { FrameTokens } from '../../service/preview/frame-token.ts';
import { contentDisposition, shownType } from './part-headers.ts';
import { isHead } from '../http/head.ts';
import { ownAddresses } from '../../service/preview/own-address.ts';
import type { Deletion } from '../../service/deletion.ts';
import { partSources, previewPolicy } from '../../service/preview/index.ts';
import { notFound } from '../../../contract/problems.ts';
import { partJob, previewJob, textJob } from '../../service/reading/jobs.ts';
import type { MessageReading } from '../../service/reading/index.ts';
import { rawStream } from '../../service/raw-stream.ts';
import { storeMarks } from '../../service/marks.ts';
import { bytesGone, findMessage, readScope } from '../../service/scope.ts';

/**
 * Returns the content security policy for a message part that a browser opens. The policy permits inline
 * styles. It also permits the part itself as audio or video, because browsers request audio and video a second
 * time.
 */
const partPolicy = (own: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src ${own}; sandbox`;

const Id = Type.Object({ id: Type.String({ description: 'Id, or `latest` in the scope.' }) });
const PartPath = Type.Object({
  ...Id.properties,
  part: Type.String({ description: 'Part number, e.g. `1.2`.' }),
});
const PreviewQuery = Type.Object({
  ...ScopeQuery.properties,
  remote: Type.Optional(Type.Boolean({ description: 'Load images and styles from the network.' })),
  measured: Type.Optional(
    Type.Boolean({
      description: 'Let a page of this server measure and mark the document, and receive its keys.',
    }),
  ),
  host: Type.Optional(
    Type.String({ description: 'The host of this server in the browser, if a proxy changes Host.' }),
  ),
});
const DownloadQuery = Type.Object({
  ...ScopeQuery.properties,
  download: Type.Optional(Type.Boolean({ description: 'Send the content as a download.' })),
});

const PartQuery = Type.Object({
  ...DownloadQuery.properties,
  utf8: Type.Optional(Type.Boolean({ description: 'Convert text to UTF-8.' })),
  frame: Type.Optional(Type.String({ description: 'Token of a preview that shows this part.' })),
});

/**
 * The value of Cache-Control for the bytes of a message. The bytes of the message with a given id never change,
 * so browsers may cache them; for one day at most, because captured mail is short-lived.
 */
const KEPT = 'private, max-age=86400, immutable';
/**
 * The value of Cache-Control for responses that can change: a later version of the server may parse the bytes
 * differently, and `latest` may be another message later, so browsers must revalidate.
 */
const ASKED_AGAIN = 'private, no-cache';

interface Sent {
  /** The entity tag (ETag) of the bytes, which is unique on this server. */
  readonly tag: string;
  readonly type: string;
  readonly cache: string;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Sends the bytes of a message or part, or the status 304 if the client's cached copy is current (RFC 9110
 * §13.1.2).
 */
function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  { tag, type, cache }: Sent,
  read: () => Uint8Array | Readable,
): FastifyReply {
  const etag = `"${tag}"`;
  reply.header('etag', etag).header('cache-control', cache);
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return reply.code(304).send();
  const content = read();
  return reply.type(type).send(content instanceof Uint8Array ? bufferOf(content) : content);
}

/**
 * Sets the header fields for a document with the CSP directive `sandbox`, and removes
 * `Cross-Origin-Opener-Policy`: browsers refuse to open a document in a tab if it has both the directive and
 * this field, and the sandbox isolates the document from its opener anyway.
 */
function asSandboxed(reply: FastifyReply, policy: string): void {
  reply.removeHeader('cross-origin-opener-policy');
  // DNS prefetching is off: the host names of links are not resolved before the reader clicks a link.
  reply.header('content-security-policy', policy).header('x-dns-prefetch-control', 'off');
}

export const oneMessageRoutes =
  (
    deps: ApiDeps & {
      readonly deletion: Deletion;
      readonly frameTokens: FrameTokens;
      readonly reading: MessageReading;
    },
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { store, deletion, frameTokens, reading } = deps;
    const ownParts = (id: MessageId, ...hosts: readonly (string | undefined)[]): string =>
      partSources(hosts, `${deps.basePath}api/messages/${id}/parts/`);

    app.get(
      '/messages/:id',
      {
        schema: {
          operationId: 'getMessage',
          tag: 'Messages',
          summary: 'Get the detail of a message',
          problems: ['not-found', 'unreadable'],
          params: Id,
          querystring: ScopeQuery,
          response: { 200: Detail },
        },
      },
      async ({ params, query }, reply) =>
        sendDetail(store, reading, await findMessage(store, params.id, query), reply),
    );

    app.get(
      '/messages/:id/raw',
      {
        schema: {
          operationId: 'getMessageRaw',
          tag: 'Messages',
          summary: 'Get the exact bytes of a message',
          problems: ['not-found'],
          params: Id,
          querystring: DownloadQuery,
          response: {
            200: binary('The message; `text/plain` without `download`.', 'message/rfc822', 'text/plain'),
          },
        },
      },
      async (request, reply) => {
        const { download, ...scope } = request.query;
        const { id, size } = (await findMessage(store, request.params.id, scope)).summary;
        if (download === true)
          reply.header('content-disposition', contentDisposition('attachment', `${id}.eml`));
        // The raw message is sent as plain text, so that the browser displays it; with the type message/rfc822,
        // the browser would download or open it.
        const type = download === true ? 'message/rfc822' : 'text/plain; charset=utf-8';
        const cache = request.params.id === id ? KEPT : ASKED_AGAIN;
        // The first octet is read to check that the file exists before the response begins.
        if ((await store.messages.rawPart(id, 0, 1)) === undefined) throw bytesGone(id);
        return sendBytes(request, reply, { tag: `${id}-raw`, type, cache }, () => {
          reply.header('content-length', size);
          return rawStream(store, id, isHead(request.raw) ? 0 : size);
        });
      },
    );

    app.get(
      '/messages/:id/text',
      {
        schema: {
          operationId: 'getMessageText',
          tag: 'Messages',
          summary: 'Get the text body of a message',
          problems: ['not-found', 'unreadable'],
          params: Id,
          querystring: ScopeQuery,
          response: { 200: binary('The text in UTF-8.', 'text/plain') },
        },
      },
      async (request, reply) => {
        const { summary } = await findMessage(store, request.params.id, request.query);
        const { id } = summary;
        const text = await reading.read(textJob, summary, {});
        if (text === null) throw notFound(`Message ${id} has no text part`);
        const sent = { tag: `${id}-text`, type: 'text/plain; charset=utf-8', cache: ASKED_AGAIN };
        return sendBytes(request, reply, sent, () => text);
      },
    );

    app.get(
      '/messages/:id/html',
      {
        schema: {
          operationId: 'getMessageHtml',
          tag: 'Messages',
          summary: 'Get the HTML body as a document without scripts, for a sandboxed frame',
          problems: ['not-found', 'unreadable'],
          params: Id,
          querystring: PreviewQuery,
          response: { 200: binary('The document.', 'text/html') },
        },
      },
      async ({ params, query, headers }, reply) => {
        const { remote = false, measured = false, host, ...scope } = query;
        const { summary } = await findMessage(store, params.id, scope);
        const { id } = summary;
        const input = {
          id,
          frameKey: new Uint8Array(frameTokens.key),
          // The URLs of parts contain the id of the message, because `latest` may be another message by the
          // time the parts are requested.
          folder: params.id === id ? '' : `../${id}/`,
          remoteBut: remote ? ownAddresses(deps.endpoints(), deps.hosts(), headers.host) : null,
          positions: measured,
        };
        const key = JSON.stringify([input.folder, input.remoteBut, measured]);
        const document = await reading.read(previewJob, summary, input, key);
        if (document === null) throw notFound(`Message ${id} has no HTML part`);
        asSandboxed(reply, previewPolicy(ownParts(id, headers.host, host), { remote, measured }));
        reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
        return reply.send(bufferOf(document));
      },
    );

    app.get(
      '/messages/:id/parts/:part',
      {
        schema: {
          operationId: 'getMessagePart',
          tag: 'Messages',
          summary: 'Get a decoded part of a message',
          problems: ['not-found', 'unreadable'],
          params: PartPath,
          querystring: PartQuery,
          response: {
            200: binary(
              'The octets of the part, with a type that a browser shows safely.',
              'application/octet-stream',
              '*/*',
            ),
          },
        },
        config: { access: 'part' },
      },
      async (request, reply) => {
        const { params } = request;
        const { download = false, utf8 = false, frame, ...scope } = request.query;
        const { summary } = await findMessage(store, params.id, scope);
        const { id } = summary;
        const form = utf8 ? `${params.part}-utf8` : params.part;
        const part = await reading.read(partJob, summary, { part: params.part, utf8 }, form);
        if (part === null) throw notFound(`Message ${id} has no part ${params.part}`);
        const { type, inline } = shownType(part);
        if (frameTokens.accepts(id, params.part, frame)) {
          // The preview has no origin, so the browser treats its requests as requests of another site, and
          // loads fonts only with CORS.
          reply
            .header('cross-origin-resource-policy', 'cross-origin')
            .header('access-control-allow-origin', '*');
        }
        const kind = inline && !download ? 'inline' : 'attachment';
        reply.header('content-disposition', contentDisposition(kind, part.name));
        asSandboxed(reply, partPolicy(ownParts(id, request.headers.host)));
        const cache = params.id === id ? KEPT : ASKED_AGAIN;
        return sendBytes(
          request,
          reply,
          { tag: `${id}-${utf8 ? `${part.path}-utf8` : part.path}`, type, cache },
          () => part.bytes,
        );
      },
    );

    app.get(
      '/messages/:id/transcript',
      {
        schema: {
          operationId: 'getMessageTranscript',
          tag: 'Messages',
          summary: 'Get the SMTP dialogue of a message',
          problems: ['not-found'],
          params: Id,
          querystring: ScopeQuery,
          response: { 200: Transcript },
        },
      },
      async ({ params, query }) => {
        const { id } = (await findMessage(store, params.id, query)).summary;
        const stored = await store.messages.get(id);
        return { lines: (stored?.transcript ?? []).map((line) => ({ ...line })) };
      },
    );

    app.patch(
      '/messages/:id',
      {
        schema: {
          operationId: 'markMessage',
          tag: 'Messages',
          summary: 'Mark a message as seen or flagged, and change its tags; `tags` replaces them',
          problems: ['not-found', 'unreadable', 'unwritable'],
          params: Id,
          querystring: ScopeQuery,
          body: Marks,
          response: { 200: Detail },
        },
      },
      async ({ params, query, body }, reply) => {
        const listed = await findMessage(store, params.id, query);
        const { id } = listed.summary;
        const { account } = readScope(query);
        const one = { kind: 'text', field: 'id', value: id } as const;
        await store.messages.markMatching({ account, query: one }, await storeMarks(store, account, body));
        return sendDetail(store, reading, (await store.messages.listed(id, account)) ?? listed, reply);
      },
    );

    app.delete(
      '/messages/:id',
      {
        schema: {
          operationId: 'deleteMessage',
          tag: 'Messages',
          summary: 'Delete a message from an inbox; in `all`, the deletion is permanent',
          problems: ['not-found', 'unwritable'],
          params: Id,
          querystring: RemoveQuery,
          response: { 200: DeletionOutcome, 204: NoContent },
        },
      },
      async ({ params, query: { undo, ...query } }, reply) => {
        const { summary } = await findMessage(store, params.id, query);
        const { account } = readScope(query);
        if (undo !== undefined) return deletion.remove([summary.id], account, undo);
        await store.messages.remove([summary.id], account);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/undo/:token',
      {
        schema: {
          operationId: 'undoDeletion',
          tag: 'Messages',
          summary: 'Restore the messages of a deletion that had `undo`, with new UIDs',
          problems: ['not-found', 'unwritable'],
          params: Type.Object({ token: Type.String({ description: 'The token of the deletion.' }) }),
          response: { 200: UndoOutcome },
        },
      },
      async ({ params }) => ({ restored: [...(await deletion.restore(params.token))] }),
    );
  };
