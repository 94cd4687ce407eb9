/**
 * Compares the answers of Restante with those of MailDev 3 after both received the same forty messages: the names and
 * types of all members, and the values that the messages determine.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maildevPackages, startMaildev } from '../../helpers/maildev.ts';
import type { ToolServer } from '../../helpers/tool-server.ts';
import { openTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import {
  call,
  callBoth,
  fill,
  type AnsweringServer,
  type Call,
  type Response,
} from '../../helpers/same-answers.ts';
import { shapeOf } from '../../helpers/shape.ts';
import { variedMessages } from '../../helpers/varied-messages.ts';

interface Email {
  readonly id: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly attachments: readonly { readonly generatedFileName: string }[];
}

const idsIn = (body: unknown): readonly [string, string][] =>
  (body as Email[]).map(({ id, headers }) => [String(headers['message-id']).replace(/^<|>$/g, ''), id]);

/** Returns those members of an email object whose values depend only on the message. */
function determined(value: unknown): unknown {
  const { time, subject, size, sizeHuman, from, to, cc, headers, inReplyTo, calculatedBcc, envelope } =
    value as Record<string, unknown>;
  return { time, subject, size, sizeHuman, from, to, cc, headers, inReplyTo, calculatedBcc, envelope };
}

const skip = maildevPackages === undefined;

describe.skipIf(skip)(`Restante and MailDev${skip ? ' (needs MAILDEV_PACKAGES)' : ''}`, () => {
  let maildev: ToolServer;
  let sandbox: TestSandbox;
  let theirs: AnsweringServer;
  let ours: AnsweringServer;

  beforeAll(async () => {
    maildev = await startMaildev();
    sandbox = await openTestSandbox();
    theirs = await fill(maildev, 'api/email', idsIn);
    ours = await fill(sandbox, 'api/email', idsIn);
  });
  afterAll(async () => {
    await maildev.close();
    await sandbox.close();
  });

  const both = (request: Call) => callBoth([ours, theirs], request);

  it('stores the same messages', () => {
    expect([...ours.ids.keys()]).toEqual([...theirs.ids.keys()]);
    expect(ours.ids.size).toBe(variedMessages.length);
  });

  it.each<Call>([
    { path: 'api/email' },
    { path: 'api/email?limit=3&skip=5' },
    { path: 'api/email?limit=0' },
    { path: 'api/email?limit=x&skip=-1' },
    { path: 'api/email?sort=desc&limit=2' },
    { path: 'api/email?subject=nothing' },
    { path: 'api/email/summary' },
    { path: 'api/email/summary?limit=3&skip=2&sort=asc' },
    { path: 'api/email/summary?limit=0' },
    { path: 'api/email/summary?limit=1000' },
    { path: 'api/email/summary?search=apples' },
    { path: 'api/email/summary?search=nothing-matches' },
    { path: 'api/email/summary?unread=true' },
    { path: 'api/email/unknown' },
    { path: 'api/email/unknown', method: 'DELETE' },
    { path: 'api/email/unknown/html' },
    { path: 'api/email/{message-0@senders.test}/html' },
    { path: 'api/email/unknown/source' },
    { path: 'api/email/unknown/download' },
    { path: 'api/email/{message-3@senders.test}/download' },
    { path: 'api/email/unknown/attachment/x' },
    { path: 'api/email/{message-3@senders.test}/attachment/unknown' },
    { path: 'api/email/{message-0@senders.test}/relay', method: 'POST' },
    { path: 'api/email/unknown/relay/bob@x.test', method: 'POST' },
    { path: 'api/email/delete', method: 'POST', body: '{"ids":["unknown"]}' },
    { path: 'api/email/delete', method: 'POST', body: '{"ids":[]}' },
    { path: 'api/email/delete', method: 'POST', body: '{"ids":[1]}' },
    { path: 'api/email/delete', method: 'POST', body: '{}' },
    { path: 'api/email', method: 'DELETE' },
    { path: 'api/email/', method: 'DELETE' },
    { path: 'api/email', method: 'PUT' },
    { path: 'api/config' },
    { path: 'api/healthz' },
  ])('answers $method $path with $body in the same shape', async (request) => {
    const [mine, other] = await both(request);
    expect({ ...mine, body: shapeOf(mine.body) }).toEqual({ ...other, body: shapeOf(other.body) });
  });

  it.each([
    'subject=Message 0',
    'from.address=joerg@senders.test',
    'to.address=bob@recipients.test&subject=Message 3',
    'headers.priority=high',
    'headers.x-repeated=two',
    'attachments.filename=report.pdf',
    'envelope.to.address=hidden@secret.test',
    'calculatedBcc.address=hidden@secret.test',
    'nothing=x',
    'subject=Message 0&nothing.at.all=x',
  ])('finds the same messages by the filter %s', async (filter) => {
    const [mine, other] = await both({ path: `api/email?${filter}` });
    const found = ({ body }: Response): unknown[] =>
      (body as Email[]).map(({ headers }) => headers['message-id']);
    expect(found(mine)).toEqual(found(other));
  });

  // For a group without members, MailDev has a recipient with the name of the group and without an address.
  const comparable = variedMessages.filter(({ raw }) => !raw.includes('undisclosed-recipients'));

  describe.each(comparable)('message $messageId', ({ messageId }) => {
    it('has the same content', async () => {
      const [mine, other] = await both({ path: `api/email/{${messageId}}` });
      expect(shapeOf(mine)).toEqual(shapeOf(other));
      expect(determined(mine.body)).toEqual(determined(other.body));
      const names = ({ body }: Response): unknown =>
        (body as Email).attachments.map(({ generatedFileName }) => generatedFileName).sort();
      expect(names(mine)).toEqual(names(other));
    });
  });

  it('deletes and marks the same numbers of messages', async () => {
    const ids = ({ ids: all }: AnsweringServer): string =>
      JSON.stringify({ ids: [...all.values()].slice(0, 3) });
    const deleted = (server: AnsweringServer): Promise<Response> =>
      call(server, { path: 'api/email/delete', method: 'POST', body: ids(server) });
    const [mine, other] = await Promise.all([deleted(ours), deleted(theirs)]);
    expect(shapeOf(mine.body)).toEqual(shapeOf(other.body));
    for (const request of [
      { path: 'api/email/{message-4@senders.test}', method: 'DELETE' },
      { path: 'api/email/all', method: 'DELETE' },
      { path: 'api/reloadMailsFromDirectory' },
      { path: 'api/email' },
    ]) {
      const [here, there] = await both(request);
      expect(here).toEqual(there);
    }
  });
});
