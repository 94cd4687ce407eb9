/** What the bundled program finds beside its own files. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file beside the server's entries or its chunks; `null` where the program runs from its TypeScript source. */
export function besideBundle(name: string): string | null {
  const files = [`./${name}`, `../${name}`].map((file) => fileURLToPath(new URL(file, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? null;
}

/** The entry of a thread; `null` where the program runs from its source, which a thread could not load. */
export const threadEntry = (name: string): string | null => besideBundle(`${name}.js`);
