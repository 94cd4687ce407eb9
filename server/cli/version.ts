/** The package's version, from its package.json: two levels up in the source, three in the build. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export function packageVersion(): string {
  for (const levels of ['../..', '../../..']) {
    try {
      const file = path.join(import.meta.dirname, levels, 'package.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
      if (manifest.name === 'restante') return manifest.version;
    } catch {
      // Not here: the other place has it.
    }
  }
  return 'unknown';
}
