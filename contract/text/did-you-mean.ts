/** Suggests the correct name for a mistyped name. */

/** Returns the known name that is most similar to `name`; `undefined` if no known name is similar enough. */
export function similarName(name: string, known: readonly string[]): string | undefined {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isSimilar = nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(name.length / 3));
  return isSimilar ? nearest.candidate : undefined;
}

/**
 * Returns the smallest number of insertions, deletions and replacements of characters that turn one text into the
 * other (Levenshtein distance).
 */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
