/** What a browser loads before it can paint: the entry of the page, what it imports, and the styles. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = path.join(import.meta.dirname, '../../dist/ui');
/** Octets, compressed. */
const BUDGET = 250_000;

it('is light: the first paint takes no more than 250 kB, compressed', async () => {
  const html = await readFile(path.join(dist, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, file = '']) => file,
  );
  expect(files.some((file) => file.endsWith('.js')) && files.some((file) => file.endsWith('.css'))).toBe(
    true,
  );
  // What the entry imports is named by the document, so that nothing is found only when the entry has come.
  const entry = await readFile(
    path.join(
      dist,
      files.find((file) => file.endsWith('.js'))!,
    ),
    'utf8',
  );
  const imported = [...entry.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(
    ([, file]) => `assets/${file}`,
  );
  expect(imported.filter((file) => !files.includes(file))).toEqual([]);
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(path.join(dist, file))).length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET);
});
