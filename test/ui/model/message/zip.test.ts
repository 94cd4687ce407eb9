/**
 * Tests the ZIP archive of all attachments with Python's zipfile module, which verifies the checksums and both
 * directories.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { zip, type ZipEntry } from '../../../../ui/model/message/zip.ts';
import { installed, mustRun } from '../../../helpers/tool.ts';

const READ = `
import base64, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps([[i.filename, base64.b64encode(archive.read(i)).decode()] for i in archive.infolist()]))
`;

async function readBack(entries: readonly ZipEntry[]): Promise<unknown> {
  const folder = await mkdtemp(path.join(tmpdir(), 'restante-zip-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'all.zip');
  await writeFile(file, Buffer.from(await zip(entries).arrayBuffer()));
  return JSON.parse(await mustRun('python3', ['-c', READ, file]));
}

const entry = (name: string, text: string): ZipEntry => ({ name, bytes: new TextEncoder().encode(text) });

describe.skipIf(!installed('python3'))('zip (needs python3)', () => {
  it.each<[string, readonly ZipEntry[]]>([
    ['no file', []],
    ['an empty file', [entry('empty.txt', '')]],
    ['names beyond ASCII', [entry('Grüße 你好.txt', 'hi'), entry('b.txt', 'there')]],
    ['bytes of all values', [{ name: 'bytes', bytes: Uint8Array.from({ length: 1024 }, (_, i) => i % 256) }]],
  ])('stores %s', async (_, entries) => {
    expect(await readBack(entries)).toEqual(
      entries.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')]),
    );
  });
});
