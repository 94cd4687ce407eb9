/**
 * Can I email's table, read: features by slug, what each version of each client makes of a feature.
 */
import { DATA_UPDATED, DATA_VERSION, FEATURES, NICENAMES } from './caniemail-data.ts';

export type Support = 'yes' | 'partial' | 'no' | 'unknown';

/** What one version of a client makes of a feature. */
interface VersionSupport {
  /** A version, or for what has none the month of the test, e.g. `2024-03`. */
  readonly version: string;
  readonly support: Support;
  /** Numbers of the feature's notes. */
  readonly notes: readonly string[];
}

export interface ClientSupport {
  /** `family.platform`. */
  readonly client: string;
  /** Oldest first. */
  readonly versions: readonly VersionSupport[];
}

export interface Feature {
  readonly slug: string;
  readonly title: string;
  readonly category: string;
  readonly url: string;
  /** When it was last tested: `2024-03-18`. */
  readonly tested: string;
  readonly clients: readonly ClientSupport[];
  /** Remarks by number, in Can I email's words. */
  readonly notes: Readonly<Record<string, string>>;
}

/** A feature as the table holds it. */
interface Row extends Omit<Feature, 'clients'> {
  readonly stats: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

/** Where the table comes from, and of when it is. */
export const dataSource = { name: 'Can I email', version: DATA_VERSION, updated: DATA_UPDATED } as const;

const SUPPORT: Readonly<Record<string, Support>> = { y: 'yes', a: 'partial', n: 'no', u: 'unknown' };

const lines = new Map<string, string>();
for (const line of FEATURES.trim().split('\n')) {
  const slug = /^\{"slug":"([^"]+)"/.exec(line)?.[1];
  if (slug !== undefined) lines.set(slug, line);
}
const read = new Map<string, Feature>();

/** Every feature's slug, in alphabetical order. */
export const slugs: readonly string[] = [...lines.keys()];

/** `10.9` before `10.10`, `2019-02` before `2024-03`. */
function byVersion(a: string, b: string): number {
  const left = a.split(/[.-]/).map(Number);
  const right = b.split(/[.-]/).map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `a #1 #2` is partial support with two notes. */
function versionSupport(version: string, code: string, notes: Row['notes']): VersionSupport {
  const [letter = '', ...numbers] = code.split(/\s*#\s*|\s+/);
  return {
    version,
    support: SUPPORT[letter] ?? 'unknown',
    notes: numbers.filter((number) => notes[number] !== undefined),
  };
}

function fromRow({ stats, ...row }: Row): Feature {
  const clients = Object.entries(stats).flatMap(([family, platforms]) =>
    Object.entries(platforms).map(([platform, versions]) => ({
      client: `${family}.${platform}`,
      versions: Object.entries(versions)
        .sort(([a], [b]) => byVersion(a, b))
        .map(([version, code]) => versionSupport(version, code, row.notes)),
    })),
  );
  return { ...row, clients };
}

/** A feature by its slug; `undefined` when the table has none of that name. */
export function featureOf(slug: string): Feature | undefined {
  const line = lines.get(slug);
  if (line === undefined) return undefined;
  const known = read.get(slug) ?? fromRow(JSON.parse(line) as Row);
  read.set(slug, known);
  return known;
}

const names = JSON.parse(NICENAMES) as Record<'family' | 'platform', Record<string, string>>;

/** `gmail.ios` in words: `Gmail iOS`. */
export function clientName(client: string): string {
  const [family = '', platform = ''] = client.split('.');
  return `${names.family[family] ?? family} ${names.platform[platform] ?? platform}`.trim();
}
