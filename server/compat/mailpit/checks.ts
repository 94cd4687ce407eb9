/** The calls that check a message: HTML, links, and the spam filters. */
import { STATUS_CODES } from 'node:http';
import type { CheckResult } from '../../checks/index.ts';
import { CLIENTS } from '../../checks/client-support/client-names.ts';
import type { LiveCheckName } from '../../../contract/names.ts';
import { CallError, jsonAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { findMessage } from './selection.ts';
import { notFound } from './errors.ts';

/** The details of the check `client-support`. */
interface ClientSupportDetails {
  readonly features: readonly FeatureDetail[];
}

interface FeatureDetail {
  readonly slug: string;
  readonly title: string;
  readonly category: string;
  readonly url: string;
  readonly count: number;
  readonly notes: Readonly<Record<string, string>>;
  readonly clients: readonly {
    readonly client: string;
    readonly versions: readonly {
      readonly version: string;
      readonly support: 'yes' | 'partial' | 'no' | 'unknown';
      readonly notes: readonly string[];
    }[];
  }[];
}

type NameOf = (client: string) => string;

function resultsOf({ clients }: FeatureDetail, nameOf: NameOf) {
  return clients.flatMap(({ client, versions }) => {
    const [family = '', platform = ''] = client.split('.');
    return versions.map(({ version, support, notes }) => ({
      Name: `${nameOf(client)} (${version})`,
      Platform: platform,
      Family: family,
      Version: version,
      Support: support === 'unknown' ? 'partial' : support,
      NoteNumber: notes.at(-1) ?? '',
    }));
  });
}

function warningOf(feature: FeatureDetail, nameOf: NameOf) {
  const results = resultsOf(feature, nameOf);
  const share = (support: string): number =>
    results.length === 0
      ? 0
      : (100 * results.filter(({ Support }) => Support === support).length) / results.length;
  return {
    Slug: feature.slug,
    Title: feature.title,
    Description: '',
    URL: feature.url,
    Category: feature.category,
    Tags: [] as string[],
    Keywords: '',
    Results: results,
    NotesByNumber: feature.notes,
    Score: {
      Found: feature.count,
      Supported: share('yes'),
      Partial: share('partial'),
      Unsupported: share('no'),
    },
  };
}

/** Returns the names of the tested mail clients by their platform. */
function platformsOf(nameOf: NameOf): Record<string, string[]> {
  const platforms: Record<string, string[]> = {};
  for (const client of CLIENTS) {
    const [family = '', platform = ''] = client.split('.');
    (platforms[platform] ??= []).push(nameOf(family));
  }
  for (const names of Object.values(platforms)) names.sort();
  return platforms;
}

/** Returns the number of elements in an HTML document. */
const countElements = (html: string): number => (html.match(/<[a-z][^\s/>]*/gi) ?? []).length;

export const checkHtml: Handler = async (deps, call) => {
  const { id, hasHtml } = (await findMessage(deps, call)).summary;
  if (!hasHtml) throw new CallError('message does not contain HTML');
  const result = (await deps.checks.results(id))?.find(({ check }) => check === 'client-support');
  const raw = await deps.store.messages.raw(id);
  if (result === undefined || raw === undefined) throw notFound();
  const { clientName, slugs } = await import('../../checks/client-support/support.ts');
  const { features } = result.details as ClientSupportDetails;
  const nodes = Math.max(1, countElements(raw.toString('latin1')));
  const weight = ({ Score }: { readonly Score: { readonly Found: number } }): number =>
    Math.min(1, Score.Found / nodes);
  const warnings = features
    .map((feature) => warningOf(feature, clientName))
    .filter(({ Score }) => Score.Partial + Score.Unsupported > 0)
    .sort((a, b) => (100 - b.Score.Supported) * weight(b) - (100 - a.Score.Supported) * weight(a));
  const partial = Math.max(0, ...warnings.map((warning) => warning.Score.Partial * weight(warning)));
  const unsupported = Math.max(0, ...warnings.map((warning) => warning.Score.Unsupported * weight(warning)));
  return jsonAnswer({
    Warnings: warnings,
    Platforms: platformsOf(clientName),
    Total: {
      Tests: slugs.length,
      Nodes: nodes,
      Supported: 100 - partial - unsupported,
      Partial: partial,
      Unsupported: unsupported,
    },
  });
};

async function runLive(deps: CompatDeps, call: Call, name: LiveCheckName): Promise<CheckResult> {
  const { id } = (await findMessage(deps, call)).summary;
  const result = await deps.checks.run(id, name, {});
  if (result === undefined) throw notFound();
  return result;
}

/** The details of the check `links`. */
interface LinksDetails {
  readonly links: readonly {
    readonly url: string;
    readonly state: string;
    readonly status: number | null;
    readonly reason: string | null;
    readonly redirects: readonly { readonly status: number }[];
  }[];
}

/** The HTTP status that Mailpit reports for a URL with a private address, which is not requested. */
const BLOCKED = 451;

function linkOf(link: LinksDetails['links'][number], follow: boolean) {
  const [redirect] = link.redirects;
  if (link.state === 'private')
    return { URL: link.url, StatusCode: BLOCKED, Status: 'Blocked private/reserved address' };
  const status = (follow ? null : redirect?.status) ?? link.status ?? 0;
  const reason = status === 0 ? (link.reason ?? link.state) : (STATUS_CODES[status] ?? '');
  return { URL: link.url, StatusCode: status, Status: reason };
}

export const checkLinks: Handler = async (deps, call) => {
  const follow = ['true', '1'].includes(call.query.get('follow') ?? '');
  const { details } = await runLive(deps, call, 'links');
  const links = ((details as LinksDetails | null)?.links ?? []).map((link) => linkOf(link, follow));
  const errors = links.filter(({ StatusCode }) => StatusCode >= 400 || StatusCode === 0).length;
  return jsonAnswer({ Errors: errors, Links: links });
};

/** The details of the check `spam`. */
interface SpamDetails {
  readonly filters: readonly {
    readonly filter: 'spamassassin' | 'rspamd';
    readonly points: number | null;
    readonly required: number | null;
    readonly rules: readonly {
      readonly name: string;
      readonly points: number;
      readonly description: string;
    }[];
  }[];
}

async function runFilter(deps: CompatDeps, call: Call, name: 'spamassassin' | 'rspamd') {
  // As in Mailpit, the path does not exist if the server is not configured to use this spam filter.
  if (!deps.filters[name]) throw notFound();
  const { details, findings } = await runLive(deps, call, 'spam');
  const verdict = (details as SpamDetails | null)?.filters.find(({ filter }) => filter === name);
  const points = verdict?.points ?? null;
  const required = verdict?.required ?? 0;
  return {
    required,
    result: {
      IsSpam: points !== null && points >= required,
      Error: points === null ? (findings[0]?.message ?? 'The spam filter did not answer') : '',
      Score: points ?? 0,
      Rules: (verdict?.rules ?? []).map((rule) => ({
        Score: rule.points,
        Name: rule.name,
        Description: rule.description,
      })),
    },
  };
}

export const checkSpamAssassin: Handler = async (deps, call) =>
  jsonAnswer((await runFilter(deps, call, 'spamassassin')).result);

export const checkRspamd: Handler = async (deps, call) => {
  const { required, result } = await runFilter(deps, call, 'rspamd');
  const action = result.Error !== '' ? '' : result.IsSpam ? 'add header' : 'no action';
  return jsonAnswer({ ...result, Threshold: required, Action: action });
};
