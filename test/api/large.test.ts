/**
 * Tests large messages: the responses of each call are the same as for a small message, and the message is parsed
 * once for all callers.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Detail, Problem } from '../../contract/index.ts';
import { MessageReading } from '../../server/service/reading/index.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import { LARGE } from '../../server/store/find/language/match.ts';
import { JobError, type Job } from '../../server/thread/job.ts';
import { ThreadPool } from '../../server/thread/pool.ts';
import { newMessage } from '../store/new-message.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

const mail = (padding: number): string =>
  [
    'From: a@x.test',
    'To: b@x.test',
    'Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Your code is 482913',
    '--b',
    'Content-Type: application/octet-stream; name=a.bin',
    'Content-Transfer-Encoding: base64',
    '',
    'AAEC/w==',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>See <a href="https://x.test/verify">this</a><img src="https://x.test/i.png"></p>${' '.repeat(padding)}`,
    '--b--',
    '',
  ].join('\r\n');

/** Returns the responses of all calls for a message, without the values that depend on the padding or the id. */
async function formsOf(sandbox: TestSandbox, padding: number) {
  const { id } = await sandbox.json<{ id: string }>('messages?from=a@x.test&to=b@x.test', {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: mail(padding),
  });
  const { text, html, headers, links, codes, attachments, structure, subject, envelope, defects, tags } =
    await sandbox.json<Detail>(`messages/${id}`);
  const waited = await sandbox.json<Detail>(`messages/wait?query=id:${id}`);
  const patched = await sandbox.json<Detail>(`messages/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"tags":["x"]}',
  });
  const part = await sandbox.api(`messages/${id}/parts/2?download=true`);
  const missing = await sandbox.api(`messages/${id}/parts/9`);
  const plain = await sandbox.api(`messages/${id}/text`);
  const known = await sandbox.api(`messages/${id}/text`, {
    headers: { 'if-none-match': plain.headers.get('etag') ?? '' },
  });
  const preview = await sandbox.api(`messages/${id}/html`);
  return {
    detail: { text, headers, links, codes, attachments, subject, envelope, defects, tags },
    html: html?.trim(),
    parts: structure.parts.map(({ part: number, type, filename }) => [number, type, filename]),
    waited: [waited.codes, waited.id === id],
    patched: [patched.codes, patched.tags],
    part: [
      part.status,
      part.headers.get('content-type'),
      part.headers.get('content-disposition'),
      Buffer.from(await part.arrayBuffer()).toString('hex'),
    ],
    missing: [missing.status, ((await missing.json()) as Problem).title],
    plain: [plain.status, plain.headers.get('content-type'), await plain.text()],
    known: known.status,
    preview: [
      preview.status,
      preview.headers.get('content-type'),
      (await preview.text()).replaceAll(/\s+/g, ' ').trim(),
    ],
  };
}

it('returns the same responses for a large message as for a small one', async () => {
  const sandbox = await startTestSandbox();
  const small = await formsOf(sandbox, 0);
  expect(small.detail.codes.map(({ value }) => value)).toEqual(['482913']);
  expect(small.part).toEqual([
    200,
    'application/octet-stream',
    expect.stringContaining('filename="a.bin"'),
    '000102ff',
  ]);
  expect(small.known).toBe(304);
  expect(await formsOf(sandbox, LARGE)).toEqual(small);
});

describe('parsing', () => {
  async function openReading() {
    const store = await openMemoryStore();
    const threads = new ThreadPool({ file: null });
    onTestFinished(() => store.close());
    const reading = new MessageReading({ store, threads });
    const add = (length: number) => store.messages.add(newMessage({ body: 'x'.repeat(length) }));
    return { reading, add };
  }

  it('runs one job for all callers that request the same of a large message, and caches the result', async () => {
    const { reading, add } = await openReading();
    let runs = 0;
    const job: Job<{ raw: Uint8Array; what: string }, Uint8Array> = {
      name: 'counted',
      run: ({ raw }) => (runs++, raw.subarray(0, 1)),
    };
    const large = { id: (await add(LARGE)).summary.id, size: LARGE };
    const read = (what: string) => reading.read(job, large, { what }, what);
    await Promise.all(Array.from({ length: 40 }, () => read('a')));
    await read('a');
    expect(runs).toBe(1);
    await read('b');
    expect(runs).toBe(2);
  });

  it('limits the size of the cache', async () => {
    const { reading, add } = await openReading();
    let runs = 0;
    const job: Job<{ raw: Uint8Array }, Uint8Array> = {
      name: 'big',
      run: () => (runs++, new Uint8Array(7 << 20)),
    };
    const { id } = (await add(LARGE)).summary;
    const read = (key: string) => reading.read(job, { id, size: LARGE }, {}, key);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await read(key);
    expect(runs).toBe(5);
    await read('e');
    expect(runs).toBe(5);
    await read('a');
    expect(runs).toBe(6);
  });

  it('reports the failure for a message that cannot be parsed, and does not retry', async () => {
    const { reading, add } = await openReading();
    let runs = 0;
    const job: Job<{ raw: Uint8Array }, Uint8Array> = {
      name: 'slow',
      run() {
        runs++;
        throw new JobError('deadline', 'it took more than 10 seconds');
      },
    };
    const { id } = (await add(LARGE)).summary;
    for (let i = 0; i < 2; i++) {
      await expect(reading.read(job, { id, size: LARGE }, {})).rejects.toMatchObject({
        problem: {
          type: 'urn:restante:unreadable',
          status: 422,
          detail: `Reading message ${id} was stopped: it took more than 10 seconds. Its bytes are at /api/messages/${id}/raw`,
        },
      });
    }
    expect(runs).toBe(1);
  });
});
