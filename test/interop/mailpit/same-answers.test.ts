/**
 * Compares the answers of Restante with those of Mailpit after both received the same forty messages: the names and
 * types of all members, and the values that the messages determine.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMailpit } from '../../helpers/mailpit.ts';
import type { ToolServer } from '../../helpers/tool-server.ts';
import { openTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { installed } from '../../helpers/tool.ts';
import {
  callBoth,
  fill,
  type AnsweringServer,
  type Call,
  type Response,
} from '../../helpers/same-answers.ts';
import { shapeOf } from '../../helpers/shape.ts';
import { variedMessages } from '../../helpers/varied-messages.ts';

interface Summary {
  readonly ID: string;
  readonly MessageID: string;
}

interface List {
  readonly messages: readonly Summary[];
  readonly messages_count: number;
}

const LIST = 'api/v1/messages?limit=0';
const idsIn = (body: unknown): readonly [string, string][] =>
  (body as List).messages.map(({ MessageID, ID }) => [MessageID, ID]);

/** Returns those members of a summary or message object whose values depend only on the message. */
function determined(value: unknown): unknown {
  const { MessageID, From, To, Cc, Bcc, ReplyTo, Subject, Tags, Inline, HTML, ReturnPath, ListUnsubscribe } =
    value as Record<string, unknown>;
  return { MessageID, From, To, Cc, Bcc, ReplyTo, Subject, Tags, Inline, HTML, ReturnPath, ListUnsubscribe };
}

const QUERIES = [
  'apples',
  'rich form',
  '-message',
  '!apples',
  'from:anna',
  'from:jörg',
  'from:senders.test',
  'to:bob',
  'to:recipients.test',
  'to:bob@recipients.test',
  'to:b@recipients.test',
  'to:carol',
  'cc:carol',
  'cc:copies.test',
  'bcc:secret.test',
  'bcc:hidden@secret.test',
  'addressed:secret.test',
  'addressed:desk',
  'reply-to:desk',
  'reply-to:second@replies.test',
  'subject:message',
  'subject:"message 1"',
  '"subject:message 1"',
  'subject:party',
  'SUBJECT:Café',
  'message-id:message-7@senders.test',
  'is:read',
  'is:unread',
  '-is:unread',
  'is:tagged',
  '-is:tagged',
  'has:attachment report',
  'has:attachments notes',
  '-has:attachment apples',
  'larger:4k',
  'smaller:4KB',
  '-larger:0.004m',
  'after:2020-01-01',
  'before:2020-01-01',
  'before:2038-01-19',
  'after:"1 Jan 2020"',
  'after:1577836800',
  'after:01/02/2020',
  '-after:2020-01-01',
  'report.pdf',
  'notes.txt',
  '100%',
  '50%_off',
  'unknown:field',
  'tag:nothing',
  'subject:',
  'after:never apples',
  'bob <bob@recipients.test>',
  '"rich form"',
];

describe.skipIf(!installed('mailpit'))(
  `Restante and Mailpit${installed('mailpit') ? '' : ' (mailpit is not installed)'}`,
  () => {
    let mailpit: ToolServer;
    let sandbox: TestSandbox;
    let theirs: AnsweringServer;
    let ours: AnsweringServer;

    beforeAll(async () => {
      mailpit = await startMailpit();
      sandbox = await openTestSandbox();
      theirs = await fill(mailpit, LIST, idsIn);
      ours = await fill(sandbox, LIST, idsIn);
    });
    afterAll(async () => {
      await mailpit.close();
      await sandbox.close();
    });

    const both = (request: Call) => callBoth([ours, theirs], request);

    it('stores the same messages', () => {
      expect([...ours.ids.keys()].sort()).toEqual([...theirs.ids.keys()].sort());
    });

    it.each([
      'api/v1/messages',
      'api/v1/messages?limit=3&start=5',
      'api/v1/messages?limit=-1&start=x',
      'api/v1/search?query=apples',
      'api/v1/search?query=nothing-matches',
      'api/v1/search?query=',
      'api/v1/tags',
      'api/v1/info',
      'api/v1/webui',
      'api/v1/chaos',
      'api/v1/message/unknown',
      'api/v1/message/unknown/headers',
      'api/v1/message/unknown/raw',
      'api/v1/message/unknown/part/1',
      'api/v1/message/latest?query=nothing-matches',
      'api/v1/message/{message-0@senders.test}/html-check',
      'api/v1/message/{message-35@senders.test}/html-check',
      'api/v1/message/{message-36@senders.test}/link-check',
      'api/v1/message/{message-0@senders.test}/sa-check',
      'api/v1/message/{message-0@senders.test}/part/9',
      'api/v1/message/{message-0@senders.test}/part/9/thumb',
      'view/unknown.html',
      'view/{message-0@senders.test}.html',
    ])('answers GET %s in the same shape', async (path) => {
      const [mine, other] = await both({ path });
      expect({ ...mine, body: shapeOf(mine.body) }).toEqual({ ...other, body: shapeOf(other.body) });
    });

    it.each<Call>([
      { path: 'api/v1/messages', method: 'DELETE', body: '[]' },
      { path: 'api/v1/messages', method: 'DELETE', body: '{"IDs":' },
      { path: 'api/v1/messages', method: 'DELETE', body: { IDs: ['unknown'] } },
      { path: 'api/v1/messages', method: 'PUT', body: 'x' },
      { path: 'api/v1/messages', method: 'PUT', body: { IDs: ['x'], Search: 'y' } },
      { path: 'api/v1/messages', method: 'PATCH' },
      { path: 'api/v1/messages/', method: 'DELETE' },
      { path: 'api/v1/messages', method: 'OPTIONS' },
      { path: 'api/v1/search', method: 'DELETE' },
      { path: 'api/v1/tags', method: 'PUT', body: { IDs: [], Tags: [] } },
      { path: 'api/v1/tags/unknown', method: 'PUT', body: { Name: 'new' } },
      { path: 'api/v1/tags/unknown', method: 'DELETE' },
      { path: 'api/v1/chaos', method: 'PUT', body: { Sender: { ErrorCode: 200 } } },
      { path: 'api/v1/chaos', method: 'PUT', body: {} },
      { path: 'api/v1/message/unknown/release', method: 'POST', body: { To: [] } },
      { path: 'api/v1/message/{message-0@senders.test}/release', method: 'POST', body: { To: [] } },
      { path: 'api/v1/send', method: 'POST', body: '' },
      { path: 'api/v1/send', method: 'POST', body: { From: {} } },
      { path: 'api/v1/send', method: 'POST', body: { From: { Email: 'a@x.test' }, To: [{ Email: 'x' }] } },
      {
        path: 'api/v1/send',
        method: 'POST',
        body: { From: { Email: 'a@x.test' }, Headers: { Subject: 'x' } },
      },
    ])('answers $method $path with $body in the same way', async (request) => {
      const [mine, other] = await both(request);
      expect({ ...mine, body: shapeOf(mine.body) }).toEqual({ ...other, body: shapeOf(other.body) });
    });

    describe.each(variedMessages)('message $messageId', ({ messageId }) => {
      it('has the same content', async () => {
        const [mine, other] = await both({ path: `api/v1/message/{${messageId}}` });
        expect(shapeOf(mine)).toEqual(shapeOf(other));
        expect(determined(mine.body)).toEqual(determined(other.body));
      });

      it('has the same header fields', async () => {
        const [mine, other] = await both({ path: `api/v1/message/{${messageId}}/headers` });
        const { Received, ...fields } = other.body as Record<string, unknown>;
        expect(Received).toBeDefined();
        expect(mine.body).toEqual(fields);
      });
    });

    it.each(QUERIES)('finds the same messages for %s', async (query) => {
      const [mine, other] = await both({
        path: `api/v1/search?limit=100&query=${encodeURIComponent(query)}`,
      });
      const found = ({ body }: Response): string[] =>
        (body as List).messages.map(({ MessageID }) => MessageID).sort();
      expect(found(mine)).toEqual(found(other));
      expect((mine.body as List).messages_count).toBe((other.body as List).messages_count);
    });
  },
);
