/** Finds files beside the bundled program. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Returns the path of a file beside the server's entry points or its chunks; `null` when the program runs from its
 * TypeScript source.
 */
export function besideBundle(name: string): string | null {
  const files = [`./${name}`, `../${name}`].map((file) => fileURLToPath(new URL(file, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? null;
}

/**
 * Returns the path of the program that a thread runs; `null` when the server runs from its TypeScript source, which
 * a thread cannot load.
 */
export const threadEntry = (name: string): string | null => besideBundle(`${name}.js`);
