/**
 * Tests that a data directory of version 0.1.0 opens, and that REST and IMAP serve the same content as that version
 * did. A data directory of a newer version is refused, and nothing in it changes.
 */
import { cp, lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { examine } from '../../server/store/json/doctor.ts';
import { openJsonStore } from '../../server/store/json/index.ts';
import { seal } from '../../server/store/log/line.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { openTestSandbox, startTestSandbox } from '../helpers/sandbox.ts';
import { served } from './served.ts';

const FIXTURE = path.join(import.meta.dirname, '..', 'fixtures', 'data-directory');

async function copyOfFixture(): Promise<string> {
  const data = path.join(temporaryDirectory(), 'data');
  await cp(path.join(FIXTURE, 'data'), data, { recursive: true });
  return data;
}

it('serves everything in a data directory of version 0.1.0', async () => {
  const { url, imap } = await startTestSandbox({ data: await copyOfFixture() });
  const recorded = JSON.parse(await readFile(path.join(FIXTURE, 'served.json'), 'utf8')) as object;
  // Newer versions may add members to the objects of REST.
  expect(await served({ url, imapPort: imap.port })).toMatchObject(recorded);
});

/** Returns the names, the content and the times of everything in a directory. */
async function everything(directory: string): Promise<unknown> {
  const names = await readdir(directory, { recursive: true });
  return Promise.all(
    ['.', ...names.sort()].map(async (name) => {
      const file = path.join(directory, name);
      const { mtimeMs, mode } = await lstat(file);
      return { name, mtimeMs, mode, content: await readFile(file, 'latin1').catch(() => null) };
    }),
  );
}

/** Changes a file of the directory. */
async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(file, changed);
}

const NEWER = {
  'messages.jsonl': {
    found: 'its message log has version 3, this Restante reads up to 2',
    raise: (text: string) =>
      text.replace(/^.*\n/, seal(',"do":"log","version":3,"seq":0,"unknown":"field"}').toString()),
  },
  'db.json': {
    found: 'its db.json has version 2, this Restante reads up to 1',
    raise: (text: string) => text.replace('"version": 1', '"version": 2'),
  },
} as const;

it.each(Object.entries(NEWER))('refuses a directory whose %s has a newer version', async (name, newer) => {
  const data = await copyOfFixture();
  await edit(path.join(data, name), newer.raise);
  const before = await everything(data);
  const message = `a newer version of Restante wrote it (${newer.found}): use that version, or another directory`;
  await expect(openTestSandbox({ data })).rejects.toThrow(`Cannot use ${data}: ${message} with --data`);
  await expect(openTestSandbox({ data, tls: 'auto' })).rejects.toThrow(message);
  for (const access of ['read', 'write'] as const) {
    await expect(openJsonStore(data, { access })).rejects.toMatchObject({ code: 'newer', message });
  }
  for (const repair of [false, true]) {
    await expect(examine(data, { repair })).rejects.toMatchObject({ code: 'newer', message });
  }
  expect(await everything(data)).toEqual(before);
});
