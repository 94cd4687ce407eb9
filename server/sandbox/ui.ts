/** Finds the built web UI: `dist/ui`, seen from the build or from the source. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export function findUi(): string | null {
  const places = ['../../ui', '../../dist/ui'].map((place) => path.join(import.meta.dirname, place));
  return (
    places.find(
      (place) => existsSync(path.join(place, 'index.html')) && existsSync(path.join(place, 'assets')),
    ) ?? null
  );
}
