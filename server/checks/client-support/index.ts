/**
 * The client support check compares the features of HTML and CSS that a message uses with the tests of mail
 * clients by Can I email. There is one finding per feature, however often the message uses it; the rule of the
 * finding is the feature's id (slug), so that a budget file can set its severity.
 *
 * A feature that none of the selected clients supports is an error, a feature that at least a quarter of them
 * do not support is a warning, and any other feature without full support is a remark. Only the newest version
 * of each client counts; `details` contains all versions.
 */
import { severities } from '../../../contract/names.ts';
import type { Finding, Severity } from '../../message/finding.ts';
import type { StaticCheck } from '../check.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { clientMistake } from './clients.ts';
import { findUses, type Use } from './find-uses.ts';
import { newest, scoreClients, scoreDocument, wantedClients } from './score.ts';
import { clientName, dataSource, type ClientSupport, type Support } from './support.ts';

/**
 * The minimum share of clients without support for a feature at which the finding is a warning and not a
 * remark.
 */
const MANY = 0.25;
/**
 * The maximum number of clients named in the text of a finding, and of notes in its help text; `details`
 * contains all of them.
 */
const MAX_NAMED = 4;
const MAX_NOTES = 3;

interface Verdict {
  readonly lacking: readonly ClientSupport[];
  readonly partial: readonly ClientSupport[];
  /** The number of selected clients in which the feature was tested. */
  readonly tested: number;
}

function verdictOf({ feature }: Use, wanted: readonly string[]): Verdict {
  const clients = wantedClients(feature, wanted);
  const those = (support: Support): readonly ClientSupport[] =>
    clients.filter((client) => newest(client)?.support === support);
  const tested = clients.length - those('unknown').length;
  return { lacking: those('no'), partial: those('partial'), tested };
}

function severityOf({ lacking, tested }: Verdict): Severity {
  if (lacking.length === tested) return 'error';
  return lacking.length >= tested * MANY ? 'warning' : 'info';
}

function named(clients: readonly ClientSupport[]): string {
  const names = clients.slice(0, MAX_NAMED).map(({ client }) => clientName(client));
  return clients.length > MAX_NAMED
    ? `${names.join(', ')} and ${clients.length - MAX_NAMED} more`
    : names.join(', ');
}

function sentence({ feature, at }: Use, { lacking, partial, tested }: Verdict): string {
  const parts = [
    lacking.length > 0 ? `${lacking.length} of ${tested} clients lack it (${named(lacking)})` : null,
    partial.length > 0
      ? `${partial.length}${lacking.length > 0 ? '' : ` of ${tested} clients`} support it in part (${named(partial)})`
      : null,
  ];
  const uses = at.count === 1 ? 'used once' : `used ${at.count} times`;
  return `${feature.title}, ${uses}: ${parts.filter((part) => part !== null).join('; ')}`;
}

function helpOf({ feature }: Use, { lacking, partial }: Verdict): string {
  const numbers = new Set([...partial, ...lacking].flatMap((client) => newest(client)?.notes ?? []));
  const notes = [...numbers].slice(0, MAX_NOTES).map((number) => feature.notes[number] ?? '');
  return ['Make sure that the message is readable without this feature, or remove it.', ...notes].join(' ');
}

function findingOf(use: Use, wanted: readonly string[]): Finding | null {
  const verdict = verdictOf(use, wanted);
  if (verdict.lacking.length + verdict.partial.length === 0) return null;
  return {
    check: 'client-support',
    rule: use.feature.slug,
    severity: severityOf(verdict),
    message: sentence(use, verdict),
    where: use.where,
    reference: use.feature.url,
    help: helpOf(use, verdict),
  };
}

/**
 * Yields a finding for each pattern that matches no known client. The API and the command line refuse most
 * such patterns earlier.
 */
function* mistakes(wanted: readonly string[]): Generator<Finding> {
  for (const name of wanted) {
    const mistake = clientMistake(name);
    if (mistake === null) continue;
    yield {
      check: 'client-support',
      rule: 'unknown-client',
      severity: 'error',
      message: `The list of relevant clients has an error: ${mistake}`,
      where: null,
      reference: null,
      help: 'Correct the name, or remove it from the list.',
    };
  }
}

/**
 * Returns the entry for a feature in the member `details` of the check's result. For each client, the entry
 * contains the tested versions and the numbers of the notes about them.
 */
function detailOf({ feature, at }: Use, wanted: readonly string[]) {
  const { slug, title, category, url, tested, notes } = feature;
  const clients = wantedClients(feature, wanted).map(({ client, versions }) => ({
    client,
    support: newest({ client, versions })?.support ?? 'unknown',
    versions,
  }));
  return { slug, title, category, url, tested, count: at.count, notes, clients };
}

function checkClientSupport(message: CheckedMessage, wanted: readonly string[]) {
  const uses = findUses(message);
  const clients = scoreClients(uses, wanted);
  const findings = [
    ...mistakes(wanted),
    ...uses.map((use) => findingOf(use, wanted)).filter((finding) => finding !== null),
  ].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  return {
    findings,
    score: message.htmls.length === 0 ? null : scoreDocument(clients),
    details: {
      source: dataSource,
      clients,
      features: uses.map((use) => detailOf(use, wanted)),
    },
  };
}

export const clientSupport: StaticCheck = {
  name: 'client-support',
  run: (message, { clients }) => checkClientSupport(message, clients),
};
