/** What the bundled program finds beside its own files. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The entry of a thread, beside the server's entries or its chunks; `null` where the program runs from its TypeScript
 * source, which a thread could not load.
 */
export function threadEntry(name: string): string | null {
  const files = [`./${name}.js`, `../${name}.js`].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  );
  return files.find((file) => existsSync(file)) ?? null;
}
