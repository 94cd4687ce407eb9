/** Stores, lists and opens the real messages of an external corpus, and checks that each is returned unchanged. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detail, MessagePage } from '../contract/index.ts';
import { openTestSandbox, type TestSandbox } from './helpers/sandbox.ts';
import { sendRaw } from './helpers/smtp.ts';

const corpus = path.join(import.meta.dirname, '..', '..', 'shared', 'corpus');
const files = existsSync(corpus)
  ? readdirSync(corpus, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^(LICENSE|README)/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
  : [];

/** Returns the file's content as SMTP transmits it: with CRLF line endings, and one at its end. */
function asSent(file: string): Buffer {
  const text = readFileSync(file)
    .toString('latin1')
    .replaceAll(/\r\n|\r|\n/g, '\r\n');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}

describe.skipIf(files.length === 0)('the corpus', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await openTestSandbox({ maxMessages: 0 });
  });
  afterAll(() => sandbox.close());

  it.each(files.map((file) => [path.relative(corpus, file), file]))('%s', async (_name, file) => {
    const raw = asSent(file);
    const [id] = await sendRaw(sandbox.smtp, [raw]);
    const list = await sandbox.json<MessagePage>(`messages?query=id:${id}`);
    expect(list.messages).toHaveLength(1);
    const detail = await sandbox.json<Detail>(`messages/${id}`);
    expect(detail.size).toBe(raw.length);
    const back = Buffer.from(await (await sandbox.api(`messages/${id}/raw`)).arrayBuffer());
    expect(back.equals(raw)).toBe(true);
    for (const call of ['html', 'text']) {
      const { status } = await sandbox.api(`messages/${id}/${call}`);
      expect([200, 404]).toContain(status);
    }
    for (const { part } of detail.attachments) {
      expect((await sandbox.api(`messages/${id}/parts/${part}`)).status).toBe(200);
    }
  });
});
