/**
 * Tests that each tool and resource has a ceiling of characters: with a message of 20 MB that has 10,000 recipients,
 * 5,000 links and 3,000 attachments, and with a list of 50 messages that have as many recipients.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { findChrome } from '../../server/service/picture/find-chrome.ts';
import { connectMcp, type ToolAnswer } from '../helpers/mcp.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

const RECIPIENTS = 10_000;
const LINKS = 5_000;
const ATTACHMENTS = 3_000;
const SIZE = 20_000_000;

const address = (n: number): string => `recipient-${n}-${'x'.repeat(20)}@example.test`;
const recipients = Array.from({ length: RECIPIENTS }, (_, n) => address(n));

/** Returns the lines of a message with the given number of octets, or a few more. */
function* hugeMessage(): Generator<string> {
  const name = 'n'.repeat(200);
  yield `From: app@example.test\r\nTo: ${recipients.join(',\r\n ')}\r\nSubject: ${'subject '.repeat(10_000)}\r\n`;
  for (let n = 0; n < 1_000; n++) yield `X-Field-${n}: ${'value '.repeat(300)}\r\n`;
  yield 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
  yield '--b\r\nContent-Type: text/plain\r\n\r\nYour code is 482913.\r\n';
  for (let n = 0; n < 20_000; n++) yield `${'word '.repeat(15)}\r\n`;
  yield '--b\r\nContent-Type: text/html\r\n\r\n<p>Your code is 482913.</p>\r\n';
  for (let n = 0; n < LINKS; n++) {
    const path = `${n}/${'p'.repeat(1_500)}`;
    yield `<a style="opacity:.5" href="http://127.0.0.1:9/verify/${path}">Confirm ${'text '.repeat(40)}</a><br>\r\n`;
  }
  for (let n = 0; n < ATTACHMENTS; n++) {
    yield `--b\r\nContent-Type: image/png; name="${name}-${n}.png"\r\nContent-Disposition: attachment; filename="${name}-${n}.png"\r\n\r\n${'x'.repeat(500)}\r\n`;
  }
  yield `--b\r\nContent-Type: text/plain; name=large.txt\r\nContent-Disposition: attachment\r\n\r\n`;
  for (let size = 0; size < 5_000_000; size += 1_000) yield `${'y'.repeat(998)}\r\n`;
  yield '--b--\r\n';
}

let sandbox: TestSandbox;
let id: string;
beforeAll(async () => {
  const application = await openTestSandbox();
  sandbox = await openTestSandbox({
    app: `smtp://127.0.0.1:${application.smtp.port}`,
    checkPrivate: true,
  });
  const raw = Buffer.from([...hugeMessage()].join(''));
  expect(raw.length).toBeGreaterThan(SIZE);
  ({ id } = await sandbox.json<{ id: string }>('messages', {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: raw,
  }));
  return async () => {
    await sandbox.close();
    await application.close();
  };
});

/** Returns the number of characters of a result, without the base64 of pictures. */
const charactersOf = ({ content, structuredContent }: ToolAnswer): number =>
  JSON.stringify({
    content: content.map((each) => (each.data === undefined ? each : { ...each, data: '' })),
    structuredContent,
  }).length;

/** The tested calls of tools and resources, each with the maximum number of characters of its result. */
const CALLS: readonly (readonly [tool: string, args: () => Record<string, unknown>, most: number])[] = [
  ['create_inbox', () => ({ name: 'n'.repeat(64) }), 2_000],
  ['wait_for_message', () => ({ query: 'subject:subject' }), 50_000],
  ['wait_for_message', () => ({ query: `${'word '.repeat(50)} nothing`, timeout_ms: 0 }), 50_000],
  ['wait_for_code', () => ({ inbox: address(0) }), 5_000],
  ['wait_for_link', () => ({ inbox: address(0) }), 50_000],
  ['list_messages', () => ({ limit: 50 }), 100_000],
  ['get_message', () => ({ id }), 30_000],
  [
    'get_message',
    () => ({
      id,
      max_chars: 50_000,
      parts: ['text', 'html', 'headers', 'links', 'codes', 'attachments', 'checks', 'transcript'],
    }),
    150_000,
  ],
  ['get_source', () => ({ id, max_octets: 50_000 }), 150_000],
  ['get_attachment', () => ({ id, part: '3' }), 5_000],
  ['get_attachment', () => ({ id, part: String(ATTACHMENTS + 3) }), 30_000],
  ['check_message', () => ({ id }), 100_000],
  ['check_links', () => ({ id }), 100_000],
  ['explain_missing', () => ({ to: address(1), query: 'nothing' }), 50_000],
  ['bounce', () => ({ id }), 20_000],
  ['complain', () => ({ id }), 5_000],
  ['reply_as_recipient', () => ({ id, text: 'Yes.' }), 5_000],
  ['server_info', () => ({}), 5_000],
  ['delete_messages', () => ({ ids: ['x'.repeat(1_000)] }), 2_000],
];

describe('the result', () => {
  it.each(CALLS.map((call, n) => [n, ...call] as const))(
    'number %i, of %s, has a ceiling',
    async (_n, tool, args, most) => {
      const client = await connectMcp(sandbox.url, 'stateless');
      const answer = await client.call(tool, args());
      expect(answer.isError, answer.content[0]?.text).not.toBe(true);
      expect(charactersOf(answer)).toBeLessThanOrEqual(most);
    },
  );

  it('of send_message has a ceiling if thousands of recipients are rejected', async () => {
    const client = await connectMcp(sandbox.url, 'stateless');
    const rule = {
      on: 'rcpt',
      when: { rcpt: 'recipient-1*' },
      then: { reject: `550 5.1.1 ${'no '.repeat(100)}` },
    };
    await client.call('set_rule', { inbox: 'all', rule });
    const answer = await client.call('send_message', { from: 'a@example.test', to: recipients, text: 'x' });
    await client.call('clear_rules', { inbox: 'all' });
    expect(answer.content[0]?.text).toContain('1111 recipients were rejected');
    expect(charactersOf(answer)).toBeLessThanOrEqual(50_000);
  });

  it.skipIf(findChrome(process.platform, process.env) === null)(
    'of render_message has a ceiling',
    async () => {
      const client = await connectMcp(sandbox.url, 'stateless');
      const answer = await client.call('render_message', { id, client: 'outlook.windows' });
      expect(answer.isError, answer.content[0]?.text).not.toBe(true);
      expect(charactersOf(answer)).toBeLessThanOrEqual(20_000);
      expect(answer.content.find(({ type }) => type === 'image')?.data?.length).toBeLessThanOrEqual(
        1_400_000,
      );
    },
  );

  it('of each resource has a ceiling', async () => {
    const client = await connectMcp(sandbox.url, 'stateless');
    const sizes: Record<string, number> = {};
    const listed = await client.resources();
    const uris = [
      ...listed.map(({ uri }) => uri),
      ...['', '/source', '/parts/3'].map((piece) => `restante://messages/${id}${piece}`),
    ];
    for (const uri of uris) {
      const { text = '', blob = '' } = await client.read(uri);
      sizes[uri] = text.length + blob.length;
    }
    expect(JSON.stringify(listed).length).toBeLessThanOrEqual(50_000);
    expect(Object.entries(sizes).filter(([, size]) => size > 150_000)).toEqual([]);
    const large = `restante://messages/${id}/parts/${ATTACHMENTS + 3}`;
    await expect(client.read(large)).rejects.toThrow('more than 1000000: download /api/messages/');
  });
});

it('has a ceiling for a list of messages with many recipients and long subjects', async () => {
  const own = await startTestSandbox();
  const client = await connectMcp(own.url, 'stateless');
  for (let n = 0; n < 50; n++) {
    await own.json('messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        from: `"${'n'.repeat(500)}" <app@example.test>`,
        to: recipients.slice(0, 90),
        subject: 's'.repeat(900),
        text: 'x',
      }),
    });
  }
  const answer = await client.call('list_messages', { limit: 50 });
  expect(answer.structuredContent).toMatchObject({ total: 50, messages: { length: 50 } });
  expect(charactersOf(answer)).toBeLessThanOrEqual(150_000);
  const { text = '' } = await client.read('restante://inbox/all');
  expect(text.length).toBeLessThanOrEqual(100_000);
});

it('does not repeat long names from a request in an error', async () => {
  const client = await connectMcp(sandbox.url, 'stateless');
  const long = 'x'.repeat(100_000);
  const refusals = [
    client.call(long),
    client.call('get_message', { id: 'latest', [long]: 1 }),
    client.call('get_message', { id: long }),
    client.read(`restante://${long}`),
    client.prompt(long, {}),
  ];
  for (const refusal of await Promise.allSettled(refusals)) {
    const text =
      refusal.status === 'rejected' ? JSON.stringify(refusal.reason) : JSON.stringify(refusal.value);
    expect(text.length).toBeLessThanOrEqual(5_000);
  }
});
