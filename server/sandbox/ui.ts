/**
 * Finds the directory of the built web UI: `dist/ui`, relative to the bundle of the server or to its source.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export function findUi(): string | null {
  const places = ['../../ui', '../../dist/ui'].map((place) => path.join(import.meta.dirname, place));
  const isBuilt = (place: string): boolean =>
    ['index.html', 'routes.json', 'assets'].every((name) => existsSync(path.join(place, name)));
  return places.find(isBuilt) ?? null;
}
