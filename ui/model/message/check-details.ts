/**
 * Converts the details of live checks to tables: authentication results, matched rules of spam filters,
 * responses to requests for links.
 */
import type { CheckName } from '../../../contract/index.ts';
import { strings as s } from '../../strings.ts';

export interface DetailTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The properties of the authenticity check's details that the table shows. */
export interface Authenticity {
  readonly ip: string | null;
  readonly spf: { readonly result: string; readonly domain: string; readonly record: string | null } | null;
  readonly dkim: readonly {
    readonly result: string;
    readonly domain: string | null;
    readonly selector: string | null;
    readonly canonicalization: string | null;
    readonly record: string | null;
  }[];
  readonly dmarc: { readonly result: string; readonly domain: string; readonly record: string | null } | null;
  readonly arc: { readonly result: string; readonly instances: number } | null;
  readonly bimi: {
    readonly result: string;
    readonly comment: string | null;
    readonly record: string | null;
  } | null;
}

export interface Spam {
  readonly filters: readonly {
    readonly title: string;
    readonly points: number | null;
    readonly required: number | null;
    readonly rules: readonly {
      readonly name: string;
      readonly points: number;
      readonly description: string;
    }[];
  }[];
}

interface Links {
  readonly links: readonly {
    readonly url: string;
    readonly state: string;
    readonly status: number | null;
    readonly reason: string | null;
    readonly redirects: readonly { readonly status: number; readonly to: string }[];
    readonly took: number;
  }[];
}

const words = (...pieces: readonly (string | null | undefined)[]): string =>
  pieces.filter((piece) => piece !== null && piece !== undefined && piece !== '').join(' ');

function authenticity({ ip, spf, dkim, dmarc, arc, bimi }: Authenticity): DetailTable {
  const rows = [
    spf === null ? [] : [['SPF', spf.result, words(spf.domain, ip), spf.record ?? '']],
    dkim.map((one) => [
      'DKIM',
      one.result,
      words(
        one.selector === null ? null : `${one.selector}._domainkey.${one.domain ?? ''}`,
        one.canonicalization,
      ),
      one.record ?? '',
    ]),
    dmarc === null ? [] : [['DMARC', dmarc.result, dmarc.domain, dmarc.record ?? '']],
    arc === null || arc.result === 'none' ? [] : [['ARC', arc.result, String(arc.instances), '']],
    bimi === null ? [] : [['BIMI', bimi.result, bimi.comment ?? '', bimi.record ?? '']],
  ];
  return { columns: s.checks.details.authenticity, rows: rows.flat() };
}

function spam({ filters }: Spam): DetailTable {
  const rows = filters.flatMap(({ title, points, required, rules }) => [
    [title, points === null ? '–' : `${points} / ${required ?? 0}`, ''],
    ...[...rules]
      .sort((a, b) => b.points - a.points)
      .map((rule) => [rule.name, String(rule.points), rule.description]),
  ]);
  return { columns: s.checks.details.spam, rows };
}

function links({ links: asked }: Links): DetailTable {
  const rows = asked.map(({ url, state, status, reason, redirects, took }) => [
    [url, ...redirects.map(({ to }) => to)].join(' → '),
    words(status === null ? state : String(status), reason),
    `${took} ms`,
  ]);
  return { columns: s.checks.details.links, rows };
}

/**
 * Returns the table that shows a check's details; `null` for a check without a table, and for a check that
 * has not run.
 */
export function detailTable(check: CheckName, details: unknown): DetailTable | null {
  if (details === null || details === undefined) return null;
  if (check === 'authenticity') return authenticity(details as Authenticity);
  if (check === 'spam') return spam(details as Spam);
  return check === 'links' ? links(details as Links) : null;
}
