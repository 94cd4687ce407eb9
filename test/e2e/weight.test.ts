/**
 * Tests the size of what a browser loads before it can paint: the entry script of the page, its imports, and the
 * styles.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = path.join(import.meta.dirname, '../../dist/ui');
/** The maximum size of the loaded files in octets, compressed. */
const BUDGET = 160_000;

it('loads at most 160 kB, compressed, before the first paint', async () => {
  const html = await readFile(path.join(dist, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, file = '']) => file,
  );
  expect(files.some((file) => file.endsWith('.js')) && files.some((file) => file.endsWith('.css'))).toBe(
    true,
  );
  // The document names the imports of the entry script, so that the browser does not have to load the entry script
  // first to find them.
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
