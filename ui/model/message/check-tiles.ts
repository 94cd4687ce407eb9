/** Computes the tiles above the checks of a message: one known value for each check, and the size of the HTML. */
import type { Check, CheckName } from '../../../contract/index.ts';
import { strings as s } from '../../strings.ts';
import type { Authenticity, Spam } from './check-details.ts';

export interface Tile {
  readonly check: CheckName | 'size';
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly tone: 'good' | 'warning' | 'bad' | 'none';
  /** The share of a limit that is used, from 0 to 1; null if the value has no limit. */
  readonly share: number | null;
}

/** The number of octets of HTML that Gmail shows. */
const GMAIL_LIMIT = 102 * 1024;

/** The text that a tile shows when its value is not known. */
const UNKNOWN = '–';

const tone = ({ error, warning }: Check['findings']): Tile['tone'] => {
  if (error > 0) return 'bad';
  return warning > 0 ? 'warning' : 'good';
};

/**
 * Returns the number of findings of the worst severity as the value, and the numbers of the other findings as the hint.
 */
function countTile({ findings, state }: Check): Omit<Tile, 'check' | 'label' | 'share'> {
  const counts = (['error', 'warning', 'info'] as const)
    .filter((severity) => findings[severity] > 0)
    .map((severity) => s.checks.counts[severity](findings[severity]));
  if (state === 'not-run' || state === 'unavailable') {
    return { value: UNKNOWN, hint: s.checks.states[state], tone: 'none' };
  }
  if (counts.length === 0) return { value: s.checks.fine, hint: s.checks.states.done, tone: 'good' };
  const [first = '', ...rest] = counts;
  return { value: first, hint: rest.join(', '), tone: tone(findings) };
}

function authenticityTile(details: Authenticity): Omit<Tile, 'check' | 'label' | 'share'> {
  const { spf, dkim, dmarc } = details;
  const results = [
    ['SPF', spf?.result ?? 'none'],
    ['DKIM', dkim.find(({ result }) => result === 'pass')?.result ?? dkim[0]?.result ?? 'none'],
    ['DMARC', dmarc?.result ?? 'none'],
  ] as const;
  const value = results[2][1] === 'none' ? results[0][1] : results[2][1];
  return {
    value,
    hint: results.map(([name, result]) => `${name} ${result}`).join(', '),
    tone: value === 'pass' ? 'good' : 'warning',
  };
}

function spamTile({ filters }: Spam): Omit<Tile, 'check' | 'label' | 'share'> | null {
  const scored = filters.find(({ points }) => points !== null);
  if (scored?.points == null) return null;
  const { title, points, required } = scored;
  return {
    value: required === null ? `${points}` : `${points} / ${required}`,
    hint: title,
    tone: required !== null && points >= required ? 'bad' : 'good',
  };
}

function clientTile(score: number, clients: number): Omit<Tile, 'check' | 'label'> {
  return {
    value: s.checks.percent(score),
    hint: s.checks.clients(clients),
    tone: score >= 90 ? 'good' : 'warning',
    share: score / 100,
  };
}

function sizeTile(octets: number): Tile {
  const share = octets / GMAIL_LIMIT;
  return {
    ...{ check: 'size', label: s.checks.size, share: Math.min(1, share) },
    value: s.checks.kilobytes(octets / 1024),
    hint: s.checks.gmailLimit,
    tone: share > 1 ? 'bad' : 'good',
  };
}

export interface TileInput {
  readonly checks: readonly Check[];
  readonly details: Readonly<Partial<Record<CheckName, unknown>>>;
  /** The number of mail clients that the check of client support considered. */
  readonly clients: number;
  /** The size of the HTML in octets of UTF-8; null for a message without HTML. */
  readonly html: number | null;
}

function checkTile(check: Check, { details, clients }: TileInput): Tile {
  const base = { check: check.check, label: s.checks.names[check.check], share: null };
  const own = details[check.check];
  if (check.check === 'client-support' && check.score !== null) {
    return { ...base, ...clientTile(check.score, clients) };
  }
  if (check.check === 'authenticity' && own != null) {
    return { ...base, ...authenticityTile(own as Authenticity) };
  }
  const spam = check.check === 'spam' && own != null ? spamTile(own as Spam) : null;
  return { ...base, ...(spam ?? countTile(check)) };
}

const ORDER: readonly (CheckName | 'size')[] = [
  ...(['client-support', 'accessibility', 'authenticity', 'spam', 'size', 'links', 'content'] as const),
  ...(['security', 'standards', 'protocol'] as const),
];

/** Returns the tiles in a fixed order, so that a value is always at the same place. */
export function checkTiles(input: TileInput): readonly Tile[] {
  const tiles = input.checks.map((check) => checkTile(check, input));
  const all = input.html === null ? tiles : [...tiles, sizeTile(input.html)];
  return all.toSorted((a, b) => ORDER.indexOf(a.check) - ORDER.indexOf(b.check));
}
