/**
 * Reads the table of Can I email: features by id (slug), with the support in each tested version of each mail
 * client.
 */
import { DATA_UPDATED, DATA_VERSION, FEATURES, NICENAMES } from './caniemail-data.ts';

export type Support = 'yes' | 'partial' | 'no' | 'unknown';

/** The support of one version of a mail client for a feature. */
interface VersionSupport {
  /** The version of the client, or the month of the test for a client without versions, e.g. `2024-03`. */
  readonly version: string;
  readonly support: Support;
  /** The numbers of the feature's notes (see `Feature`) that apply to this version of the client. */
  readonly notes: readonly string[];
}

export interface ClientSupport {
  /** The name of the mail client, as `family.platform`. */
  readonly client: string;
  /** The tested versions of the client, the oldest first. */
  readonly versions: readonly VersionSupport[];
}

export interface Feature {
  readonly slug: string;
  readonly title: string;
  readonly category: string;
  readonly url: string;
  /** The date of the last test of the feature, e.g. `2024-03-18`. */
  readonly tested: string;
  readonly clients: readonly ClientSupport[];
  /** The notes about the feature by number, in the words of Can I email. */
  readonly notes: Readonly<Record<string, string>>;
}

/** A feature in the form of Can I email's table. */
interface Row extends Omit<Feature, 'clients'> {
  readonly stats: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

/** The name of the source of the table, its version and its date. */
export const dataSource = { name: 'Can I email', version: DATA_VERSION, updated: DATA_UPDATED } as const;

const SUPPORT: Readonly<Record<string, Support>> = { y: 'yes', a: 'partial', n: 'no', u: 'unknown' };

const lines = new Map<string, string>();
for (const line of FEATURES.trim().split('\n')) {
  const slug = /^\{"slug":"([^"]+)"/.exec(line)?.[1];
  if (slug !== undefined) lines.set(slug, line);
}
const read = new Map<string, Feature>();

/** The ids (slugs) of all features, in alphabetical order. */
export const slugs: readonly string[] = [...lines.keys()];

/** Compares two versions: `10.9` is before `10.10`, `2019-02` is before `2024-03`. */
function byVersion(a: string, b: string): number {
  const left = a.split(/[.-]/).map(Number);
  const right = b.split(/[.-]/).map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Parses a support code of the table; for example, `a #1 #2` means partial support with the notes 1 and 2.
 */
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

/** Returns a feature by its id (slug); `undefined` for an unknown id. */
export function featureOf(slug: string): Feature | undefined {
  const line = lines.get(slug);
  if (line === undefined) return undefined;
  const known = read.get(slug) ?? fromRow(JSON.parse(line) as Row);
  read.set(slug, known);
  return known;
}

const names = JSON.parse(NICENAMES) as Record<'family' | 'platform', Record<string, string>>;

/** Returns the display name of a client, e.g. `Gmail iOS` for `gmail.ios`. */
export function clientName(client: string): string {
  const [family = '', platform = ''] = client.split('.');
  return `${names.family[family] ?? family} ${names.platform[platform] ?? platform}`.trim();
}
