/**
 * Reads the version of the package from its package.json, which is two levels up in the source and three in the
 * build.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export function packageVersion(): string {
  for (const levels of ['../..', '../../..']) {
    try {
      const file = path.join(import.meta.dirname, levels, 'package.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
      if (manifest.name === 'restante') return manifest.version;
    } catch {
      // The file package.json is missing in one of the two possible directories; then the other directory is
      // tried.
    }
  }
  return 'unknown';
}
