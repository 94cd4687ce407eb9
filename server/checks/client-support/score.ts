/**
 * What clients make of the features that were found, and one number for it. A client's score is the mean over the
 * features it was tested with, by its newest version: 100 supported, 50 partly, 0 not. The document's score is the
 * mean over the clients. What nobody tested counts for nothing.
 */
import type { Use } from './find-uses.ts';
import { isClientWanted } from './clients.ts';
import { clientName, type ClientSupport, type Feature, type Support } from './support.ts';

/** What one client makes of the whole document. */
interface ClientScore {
  readonly client: string;
  readonly name: string;
  /** 0 to 100. */
  readonly score: number;
  /** Slugs of the features. */
  readonly unsupported: readonly string[];
  readonly partial: readonly string[];
}

const POINTS: Readonly<Record<Support, number | null>> = { yes: 100, partial: 50, no: 0, unknown: null };

/** What the newest version of a client makes of it. */
export const newest = (client: ClientSupport): ClientSupport['versions'][number] | undefined =>
  client.versions.at(-1);

/** The clients that were asked for, of those a feature was tested in. */
export const wantedClients = (feature: Feature, wanted: readonly string[]): readonly ClientSupport[] =>
  feature.clients.filter(({ client }) => isClientWanted(client, wanted));

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Each client's score, worst first; clients that none of the features was tested in are left out. */
export function scoreClients(uses: readonly Use[], wanted: readonly string[]): ClientScore[] {
  const found = new Map<string, { points: number[]; unsupported: string[]; partial: string[] }>();
  for (const { feature } of uses) {
    for (const client of wantedClients(feature, wanted)) {
      const support = newest(client)?.support ?? 'unknown';
      const points = POINTS[support];
      if (points === null) continue;
      const entry = found.get(client.client) ?? { points: [], unsupported: [], partial: [] };
      entry.points.push(points);
      if (support === 'no') entry.unsupported.push(feature.slug);
      if (support === 'partial') entry.partial.push(feature.slug);
      found.set(client.client, entry);
    }
  }
  return [...found]
    .map(([client, { points, unsupported, partial }]) => ({
      client,
      name: clientName(client),
      score: Math.round(mean(points)),
      unsupported,
      partial,
    }))
    .sort((a, b) => a.score - b.score || (a.client < b.client ? -1 : 1));
}

/** The document's score: 100 for one that uses nothing a client could fail. */
export const scoreDocument = (clients: readonly ClientScore[]): number =>
  clients.length === 0 ? 100 : Math.round(mean(clients.map(({ score }) => score)));
