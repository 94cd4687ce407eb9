/**
 * Compares the answers of Restante with those of MailHog after both received the same forty messages: the names and
 * types of all members, and the values that the messages determine.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMailhog } from '../../helpers/mailhog.ts';
import type { ToolServer } from '../../helpers/tool-server.ts';
import { openTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import {
  callBoth,
  fill,
  type AnsweringServer,
  type Call,
  type Response,
} from '../../helpers/same-answers.ts';
import { shapeOf } from '../../helpers/shape.ts';
import { installed } from '../../helpers/tool.ts';
import { variedMessages } from '../../helpers/varied-messages.ts';

interface Content {
  readonly Headers: Readonly<Record<string, readonly string[]>>;
}

interface Message {
  readonly ID: string;
  readonly Content: Content;
  readonly Raw: Readonly<Record<string, unknown>>;
}

const messageIdOf = ({ Content }: Message): string =>
  (Content.Headers['Message-ID']?.[0] ?? '').replace(/^<|>$/g, '');

const LIST = 'api/v2/messages?limit=250';
const idsIn = (body: unknown): readonly [string, string][] =>
  (body as { readonly items: readonly Message[] }).items.map((item) => [messageIdOf(item), item.ID]);

/** Returns a message without the values that differ between servers: ids, times and names of servers. */
function comparable(value: unknown): unknown {
  const { ID, Content, ...rest } = value as Message & { readonly Created: string };
  const { Received, ...fields } = Content.Headers;
  return {
    hasId: ID !== '',
    ...rest,
    Created: '',
    Content: { ...Content, Headers: fields },
    added: Received?.length,
  };
}

const skip = !installed('mailhog');

describe.skipIf(skip)(`Restante and MailHog${skip ? ' (mailhog is not installed)' : ''}`, () => {
  let mailhog: ToolServer;
  let sandbox: TestSandbox;
  let theirs: AnsweringServer;
  let ours: AnsweringServer;

  beforeAll(async () => {
    mailhog = await startMailhog();
    sandbox = await openTestSandbox();
    theirs = await fill(mailhog, LIST, idsIn);
    ours = await fill({ url: `${sandbox.url}mailhog/`, smtp: sandbox.smtp }, LIST, idsIn);
  });
  afterAll(async () => {
    await mailhog.close();
    await sandbox.close();
  });

  const both = (request: Call) => callBoth([ours, theirs], request);

  it('stores the same messages', () => {
    expect([...ours.ids.keys()]).toEqual([...theirs.ids.keys()]);
    expect(ours.ids.size).toBe(variedMessages.length);
  });

  it.each<Call>([
    { path: 'api/v1/messages' },
    { path: 'api/v2/messages' },
    { path: 'api/v2/messages?limit=3&start=5' },
    { path: 'api/v2/messages?limit=x&start=-1' },
    { path: 'api/v2/messages?start=1000' },
    { path: 'api/v2/search?kind=to&query=bob' },
    { path: 'api/v2/search?kind=to&query=nothing-matches' },
    { path: 'api/v2/search?kind=from&query=' },
    { path: 'api/v2/search?kind=subject&query=x' },
    { path: 'api/v1/messages/unknown' },
    { path: 'api/v1/messages/unknown', method: 'DELETE' },
    { path: 'api/v1/messages/{message-0@senders.test}/download' },
    { path: 'api/v1/messages/{message-0@senders.test}/release', method: 'POST', body: 'x' },
    { path: 'api/v1/messages/{message-0@senders.test}/release', method: 'POST', body: '{"Name":"none"}' },
    { path: 'api/v2/outgoing-smtp' },
    { path: 'api/v2/jim' },
    { path: 'api/v2/jim', method: 'PUT', body: '{}' },
    { path: 'api/v2/jim', method: 'DELETE' },
    { path: 'api/v2/messages', method: 'PATCH' },
    { path: 'api/v2/messages', method: 'OPTIONS' },
    { path: 'api/v2/messages', method: 'DELETE' },
  ])('answers $method $path with $body in the same shape', async (request) => {
    const [mine, other] = await both(request);
    // The errors of Restante have a text; those of MailHog are mostly empty.
    const body = ({ status, body: given }: Response): unknown => (status >= 400 ? '' : shapeOf(given));
    const type = ({ status, type: given }: Response): unknown => (status >= 400 ? '' : given);
    expect({ status: mine.status, type: type(mine), body: body(mine) }).toEqual({
      status: other.status,
      type: type(other),
      body: body(other),
    });
  });

  it('invites Jim with the same settings, once', async () => {
    const jim = { path: 'api/v2/jim' };
    const settings = JSON.stringify({
      RejectSenderChance: 0,
      AcceptChance: 1,
      LinkSpeedMin: 5,
      LinkSpeedMax: 9,
    });
    for (const [method, body] of [
      ['POST', ''],
      ['POST', ''],
      ['GET', undefined],
      ['PUT', settings],
      ['GET', undefined],
      ['PUT', 'x'],
      ['DELETE', undefined],
      ['GET', undefined],
    ] as const) {
      const [mine, other] = await both({ ...jim, method, ...(body === undefined ? {} : { body }) });
      expect(mine.status).toBe(other.status);
      if (mine.status === 200) expect(mine.body).toEqual(other.body);
    }
  });

  // MailHog ignores a header field without a value.
  const alike = variedMessages.filter(({ raw }) => !/^Subject:\r$/m.test(raw));

  describe.each(alike)('message $messageId', ({ messageId }) => {
    it('has the same content', async () => {
      const [mine, other] = await both({ path: `api/v1/messages/{${messageId}}` });
      expect(comparable(mine.body)).toEqual(comparable(other.body));
    });
  });

  it.each([0, 1, 2])('serves part %d of a multipart', async (part) => {
    const path = `api/v1/messages/{message-3@senders.test}/mime/part/${part}/download`;
    const [mine, other] = await both({ path });
    expect([mine.status, mine.body]).toEqual([other.status, other.body]);
  });

  it.each([
    ['from', 'ANN'],
    ['from', 'joerg@senders.test'],
    ['from', 'bounces@senders.test'],
    ['from', 'Sender <ann'],
    ['to', 'carol'],
    ['to', 'bob@recipients.test'],
    ['to', 'ob@recipients.tes'],
    ['to', 'hidden@secret.test'],
    ['to', 'Bob <bob@'],
    ['containing', 'apples'],
    ['containing', 'message 1'],
    ['containing', 'a long name'],
    ['containing', 'nothing-matches'],
  ])('finds the same messages with %s: %s', async (kind, query) => {
    const [mine, other] = await both({
      path: `api/v2/search?limit=250&kind=${kind}&query=${encodeURIComponent(query)}`,
    });
    const found = ({ body }: Response): unknown =>
      (body as { readonly items: readonly Message[] }).items.map(messageIdOf);
    expect(found(mine)).toEqual(found(other));
  });

  it('deletes one message, and all', async () => {
    for (const path of ['api/v1/messages/{message-2@senders.test}', 'api/v1/messages']) {
      const [mine, other] = await both({ path, method: 'DELETE' });
      expect(mine).toEqual(other);
    }
    const [mine, other] = await both({ path: 'api/v2/messages' });
    expect(mine).toEqual(other);
  });
});
