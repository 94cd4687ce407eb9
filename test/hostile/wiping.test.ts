/** Tests mistaken calls that must not delete all mail: empty variables, unknown ids, invalid input. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { converse } from '../fuzz/converse.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

let sandbox: TestSandbox;
let ids: string[];

beforeAll(async () => {
  sandbox = await openTestSandbox();
  const mail = [0, 1, 2].map((n) => Buffer.from(`Subject: keep ${n}\r\nTo: b@x.test\r\n\r\n\r\n`));
  ids = await sendRaw(sandbox.smtp, mail, { from: 'a@x.test', to: ['b@x.test'] });
});
afterAll(() => sandbox.close());

const total = async (): Promise<number> => (await sandbox.json<MessagePage>('messages?limit=1')).total;

describe('nothing is deleted or marked by', () => {
  it.each([
    'messages',
    'messages?query=',
    'messages?query=%20',
    'messages?all=false',
    'messages?all=',
    'messages?all=yes',
    'messages?query=to:',
    'messages?query=from:%22%22',
    'messages?query=tag:',
    'messages?query=before:garbage',
    'messages?query=after:',
    'messages?query=larger:much',
    'messages?query=is:nonsense',
    'messages?query=(',
    'messages?query=OR',
    'messages?query=-',
    'messages?query=%22',
    'messages?account=b@x.test',
    'messages?account=',
    'messages/',
    'messages?query=subject:undefined',
    'messages?query=to:undefined',
    'messages/undefined',
    'messages/null',
    'messages/*',
    'messages/..',
    'messages/%00',
    'accounts/all',
    'accounts/',
    'accounts/*',
  ])('DELETE %s', async (path) => {
    const deleted = await sandbox.api(path, { method: 'DELETE' });
    expect(deleted.status).toBeLessThan(500);
    if (path.startsWith('messages')) {
      const marks = { headers: { 'content-type': 'application/json' }, body: '{"seen":true}' };
      expect((await sandbox.api(path, { method: 'PATCH', ...marks })).status).toBeLessThan(500);
    }
    expect(await sandbox.json<MessagePage>('messages?limit=1')).toMatchObject({ total: 3, unread: 3 });
  });

  it.each(['', '{', '[]', 'null', '{"ids":[]}', '{"all":true}', '{"query":""}'])(
    'a body: %j',
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      expect((await sandbox.api('messages', { method: 'DELETE', headers, body })).status).toBe(400);
      expect(await total()).toBe(3);
    },
  );
});

it('a message that is deleted twice, or does not exist, does not affect other messages', async () => {
  const [first = '', second = '', third = ''] = ids;
  const remove = async (id: string): Promise<number> =>
    (await sandbox.api(`messages/${id}`, { method: 'DELETE' })).status;
  const outcomes = await Promise.all([first, first, `${first}x`, 'ffffffff'].map(remove));
  expect(outcomes.filter((status) => status === 204).length).toBeGreaterThanOrEqual(1);
  expect(outcomes.slice(2)).toEqual([404, 404]);
  expect(await remove(first)).toBe(404);
  expect(await total()).toBe(2);
  // By POP3, a repeated or unknown message number deletes no other message.
  const pop3 = await converse(
    sandbox.pop3.port,
    Buffer.from('USER b@x.test\r\nPASS x\r\nDELE 1\r\nDELE 1\r\nDELE 9\r\nQUIT\r\n'),
  );
  expect(pop3.match(/^-ERR/gm)).toHaveLength(2);
  const { messages } = await sandbox.json<MessagePage>('messages?account=b@x.test');
  expect(messages.map(({ id }) => id)).toEqual([third]);
  // The message is still in `all`: a reader deletes only its own copy.
  expect(await total()).toBe(2);
  expect((await sandbox.api(`messages/${second}`)).status).toBe(200);
});

it('a search for the latest message with an empty variable finds no other mail', async () => {
  for (const query of ['to:', 'to:undefined', 'subject:null', 'before:garbage'])
    expect((await sandbox.api(`messages/latest?query=${query}`)).ok).toBe(false);
});
