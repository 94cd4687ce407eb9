/** Tests of the limits for hostile messages: the work of the checks does not grow beyond the limits. */
import { expect, it } from 'vitest';
import { CheckedMessage } from '../../server/checks/checked-message.ts';
import { elementsOf, parseHtml } from '../../server/checks/html.ts';
import { job } from '../../server/checks/links/addresses-job.ts';

const count = (html: string): number => [...elementsOf(parseHtml(html).document)].length;

it('parses elements up to the maximum depth', () => {
  expect(parseHtml('<div>'.repeat(1_000)).truncated).toBe(false);
  expect(count('<div>'.repeat(1_000))).toBe(1_000);
  const [deep, deeper] = [10_000, 200_000].map((depth) => count('<div>'.repeat(depth)));
  expect(parseHtml('<div>'.repeat(10_000)).truncated).toBe(true);
  expect(deep).toBe(2_001);
  expect(deeper).toBe(deep);
});

it('parses nodes up to the maximum number', () => {
  const [many, more] = [200_000, 400_000].map((elements) =>
    count('<b>'.repeat(1_000) + '<i></i>'.repeat(elements)),
  );
  expect(many).toBeLessThanOrEqual(100_000);
  expect(more).toBe(many);
});

it('returns the elements before the limit with their places', () => {
  const html = `<a href="https://x.test/1">x</a>${'<div>'.repeat(5_000)}<a href="https://x.test/2">x</a>`;
  const raw = Buffer.from(`Content-Type: text/html\r\n\r\n${html}`);
  const nobody = { from: { address: '', parameters: {} }, to: [] };
  const [body] = new CheckedMessage(raw, nobody).htmls;
  expect(body?.truncated).toBe(true);
  expect(job.run({ raw, limit: 100 })).toMatchObject({
    addresses: [{ url: 'https://x.test/1', element: 'a', place: { line: 3, column: 1 } }],
    total: 1,
  });
});

it('counts addresses up to a limit, and computes places only for the requested ones', async () => {
  const links = Array.from({ length: 12_000 }, (_, i) => `<a href="http://x.test/${i}">x</a>`).join('');
  const raw = Buffer.from(`Content-Type: text/html\r\n\r\n${links}`);
  const { addresses, total } = await job.run({ raw, limit: 100 });
  expect(addresses).toHaveLength(100);
  expect(total).toBe(10_000);
});
