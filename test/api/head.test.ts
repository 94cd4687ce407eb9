/** Tests that HEAD returns the header fields of GET without the content. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
let id: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  const created = await fetch(new URL('api/messages?from=a@x.test&to=b@x.test', sandbox.url), {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: 'Subject: kept\r\n\r\nbody\r\n',
  });
  ({ id } = (await created.json()) as { id: string });
});
afterAll(() => sandbox.close());

it.each(['livez', 'api/info', 'api/messages', 'api/messages/ID/raw', 'api/messages/nothing', 'nowhere'])(
  'returns for HEAD of %s the header fields of GET',
  async (path) => {
    const url = new URL(path.replace('ID', id), sandbox.url);
    const [got, head] = [await fetch(url), await fetch(url, { method: 'HEAD' })];
    const content = await got.arrayBuffer();
    expect(head.status).toBe(got.status);
    for (const name of ['content-type', 'content-length', 'cache-control', 'content-security-policy']) {
      expect(head.headers.get(name), name).toBe(got.headers.get(name));
    }
    expect(content.byteLength).toBeGreaterThan(0);
    expect(await head.text()).toBe('');
  },
);

it('is not supported where GET is not', async () => {
  const head = await fetch(new URL('api/rules/check', sandbox.url), { method: 'HEAD' });
  expect([404, 405]).toContain(head.status);
});
