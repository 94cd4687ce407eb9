/** Computes which groups of mail clients support the features of a message, from the data of Can I email. */

/** The details of the check of client support, as far as the page uses them. */
export interface ClientDetails {
  readonly source: { readonly name: string; readonly updated: string };
  readonly clients: readonly {
    readonly client: string;
    readonly name: string;
    readonly score: number;
    readonly unsupported: readonly string[];
    readonly partial: readonly string[];
  }[];
  readonly features: readonly {
    readonly slug: string;
    readonly title: string;
    readonly url: string;
    /** The number of uses in the message. */
    readonly count: number;
    readonly clients: readonly { readonly client: string; readonly support: Support }[];
  }[];
}

export type Support = 'yes' | 'partial' | 'no' | 'unknown';

/** The groups of mail clients, each with the patterns of its clients; `others` contains all other clients. */
export const CLIENT_GROUPS = {
  gmail: ['gmail.*'],
  'outlook-old': ['outlook.windows', 'outlook.windows-mail'],
  'outlook-new': ['outlook.outlook-com', 'outlook.macos', 'outlook.ios', 'outlook.android'],
  'apple-mail': ['apple-mail.*'],
  yahoo: ['yahoo.*'],
  samsung: ['samsung-email.*'],
  others: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type ClientGroup = keyof typeof CLIENT_GROUPS;
export const clientGroups = Object.keys(CLIENT_GROUPS) as readonly ClientGroup[];

const matches = (client: string, pattern: string): boolean =>
  pattern.endsWith('.*') ? client.startsWith(pattern.slice(0, -1)) : client === pattern;

export const groupOf = (client: string): ClientGroup =>
  clientGroups.find((group) => CLIENT_GROUPS[group].some((pattern) => matches(client, pattern))) ?? 'others';

export interface MatrixCell {
  /** `partial` if the clients of the group differ, or support the feature partially. */
  readonly support: Exclude<Support, 'unknown'>;
  readonly clients: readonly { readonly name: string; readonly support: Support }[];
}

export interface MatrixRow {
  readonly slug: string;
  readonly title: string;
  readonly count: number;
  /** Groups without a tested client have no cell. */
  readonly cells: Readonly<Partial<Record<ClientGroup, MatrixCell>>>;
  /** The share of the tested clients that support the feature, from 0 to 1; partial support counts half. */
  readonly share: number;
}

function cellOf(clients: MatrixCell['clients']): MatrixCell | undefined {
  const tested = new Set(clients.map(({ support }) => support).filter((support) => support !== 'unknown'));
  const [only] = tested;
  if (only === undefined) return undefined;
  return { support: tested.size === 1 ? only : 'partial', clients };
}

const POINTS = { yes: 1, partial: 0.5, no: 0 } as const;

/** Returns a row for each feature of the message, the least supported feature first. */
export function clientMatrix({ clients, features }: ClientDetails): readonly MatrixRow[] {
  const names = new Map(clients.map(({ client, name }) => [client, name]));
  return features
    .map(({ slug, title, count, clients: tested }) => {
      const named = tested.map(({ client, support }) => ({
        ...{ client, support },
        name: names.get(client) ?? client,
      }));
      const cells = Object.fromEntries(
        clientGroups.flatMap((group) => {
          const cell = cellOf(named.filter(({ client }) => groupOf(client) === group));
          return cell === undefined ? [] : [[group, cell]];
        }),
      );
      const points = tested.flatMap(({ support }) => (support === 'unknown' ? [] : [POINTS[support]]));
      const share =
        points.length === 0 ? 1 : points.reduce<number>((sum, one) => sum + one, 0) / points.length;
      return { slug, title, count, cells, share };
    })
    .sort((a, b) => a.share - b.share || (a.title < b.title ? -1 : 1));
}

const patternsOf = (wanted: string): readonly string[] =>
  wanted
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');

/** Returns whether a list of chosen clients contains all patterns of a group. */
export const isGroupWanted = (wanted: string, group: Exclude<ClientGroup, 'others'>): boolean =>
  CLIENT_GROUPS[group].every((pattern) => patternsOf(wanted).includes(pattern));

/**
 * Returns the list of chosen clients with the patterns of a group added, or removed if the list contains all of them.
 */
export function toggleGroup(wanted: string, group: Exclude<ClientGroup, 'others'>): string {
  const own: readonly string[] = CLIENT_GROUPS[group];
  const rest = patternsOf(wanted).filter((pattern) => !own.includes(pattern));
  return (isGroupWanted(wanted, group) ? rest : [...rest, ...own]).join(', ');
}
