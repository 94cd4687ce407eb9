/**
 * Computes the scores of mail clients and of a document. A client's score is the mean over the features that
 * were tested in its newest version: 100 for full support, 50 for partial support, 0 for no support. The
 * document's score is the mean over the clients. Features without a test do not count.
 */
import type { Use } from './find-uses.ts';
import { isClientWanted } from './clients.ts';
import { clientName, type ClientSupport, type Feature, type Support } from './support.ts';

/** The support of one mail client for the features of the whole document. */
interface ClientScore {
  readonly client: string;
  readonly name: string;
  /** The score of the client from 0 (worst) to 100 (best). */
  readonly score: number;
  /** The ids (slugs) of the features that the client does not support. */
  readonly unsupported: readonly string[];
  /** The ids (slugs) of the features that the client supports partially. */
  readonly partial: readonly string[];
}

const POINTS: Readonly<Record<Support, number | null>> = { yes: 100, partial: 50, no: 0, unknown: null };

/** Returns the support for a feature in the newest tested version of a client. */
export const newest = (client: ClientSupport): ClientSupport['versions'][number] | undefined =>
  client.versions.at(-1);

/** Returns the clients in which a feature was tested and that match a pattern in `wanted`. */
export const wantedClients = (feature: Feature, wanted: readonly string[]): readonly ClientSupport[] =>
  feature.clients.filter(({ client }) => isClientWanted(client, wanted));

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Returns the score of each client, the worst first. Clients without a test of any of the features are omitted. */
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

/** Returns the score of a document; 100 for a document without tested features. */
export const scoreDocument = (clients: readonly ClientScore[]): number =>
  clients.length === 0 ? 100 : Math.round(mean(clients.map(({ score }) => score)));
