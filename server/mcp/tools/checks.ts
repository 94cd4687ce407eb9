/** The tools that check a message, and that explain why an expected message is missing. */
import Type from 'typebox';
import { CheckName } from '../../../contract/index.ts';
import type { LinkDetail } from '../../checks/links/ask.ts';
import { notFound } from '../../../contract/problems.ts';
import { presentReport, readClients } from '../../service/present/check.ts';
import { bytesGone, readScope } from '../../service/scope.ts';
import { textContent } from '../call.ts';
import { defineTool } from '../tool.ts';
import { within } from '../reading.ts';
import { cleanLine, fence } from '../untrusted.ts';
import { Missing, missingOf, missingText } from './missing.ts';
import { id, inbox, listedMessage } from './shared.ts';

/** The maximum number of findings in a result. */
const MAX_FINDINGS = 40;
/** The maximum length of a URL, and of all URLs in a result, in characters. */
const MAX_ADDRESS = 2_000;
const MAX_ADDRESSES = 20_000;
/** The time limit of the check of links in milliseconds. */
const LINKS_TIMEOUT = 60_000;

export const checkMessage = defineTool({
  name: 'check_message',
  title: 'Check a message',
  description:
    'Finds problems with standards, security, mail clients and accessibility, worst first, each with a remedy.',
  input: Type.Object({
    id,
    inbox,
    checks: Type.Optional(Type.Array(CheckName)),
    clients: Type.Optional(Type.String({ description: 'E.g. gmail.*,outlook.windows' })),
  }),
  output: Type.Object({
    id: Type.String(),
    scores: Type.Record(Type.String(), Type.Number()),
    total: Type.Integer(),
    findings: Type.Array(
      Type.Object({
        check: Type.String(),
        rule: Type.String(),
        severity: Type.String(),
        message: Type.String(),
        line: Type.Optional(Type.Integer()),
        help: Type.String(),
      }),
    ),
  }),
  effects: { reads: true },
  async run({ checks: wanted, clients, ...asked }, call, deps) {
    const { id: key } = (await listedMessage(deps, asked)).summary;
    const results = await deps.checks.results(key, readClients(clients));
    if (results === undefined) throw notFound(`There is no message ${key}`);
    const report = presentReport(
      results.filter(({ check }) => wanted === undefined || wanted.includes(check)),
      false,
    );
    const scored = report.checks.filter(({ score }) => score !== null);
    const findings = report.findings
      .slice(0, MAX_FINDINGS)
      .map(({ check, rule, severity, message, where, help }) => ({
        check,
        rule,
        severity,
        message: cleanLine(message),
        ...(where?.line === undefined ? {} : { line: where.line }),
        help: cleanLine(help ?? ''),
      }));
    const lines = findings.map(
      ({ severity, check, rule, message, line, help }) =>
        `${severity} ${check}/${rule}${line === undefined ? '' : ` line ${line}`}: ${message}. ${help}`,
    );
    const head = `Message ${key}: ${report.findings.length} findings, ${lines.length} shown.`;
    return {
      content: [textContent(lines.length === 0 ? head : `${head}\n${fence(call.marker, lines)}`)],
      structured: {
        id: key,
        scores: Object.fromEntries(scored.map(({ check, score }) => [check, score ?? 0])),
        total: report.findings.length,
        findings,
      },
    };
  },
});

export const checkLinks = defineTool({
  name: 'check_links',
  title: 'Check the links',
  description: 'Requests every URL of a message; this may use up one-time links.',
  input: Type.Object({ id, inbox }),
  output: Type.Object({
    id: Type.String(),
    state: Type.String(),
    links: Type.Array(Type.Object({ url: Type.String(), answer: Type.String() })),
    findings: Type.Array(Type.String()),
  }),
  effects: { contacts: true },
  async run(asked, call, deps) {
    const { id: key } = (await listedMessage(deps, asked)).summary;
    const result = await call.hold('Requesting links', LINKS_TIMEOUT, () =>
      deps.checks.run(key, 'links', { timeout: LINKS_TIMEOUT }, call.signal),
    );
    if (result === undefined) throw bytesGone(key);
    const { links: requested = [] } = (result.details ?? {}) as { readonly links?: readonly LinkDetail[] };
    const answered = requested.map(({ url, state, status, reason, redirects }) => ({
      url: cleanLine(url, MAX_ADDRESS),
      answer: cleanLine(answerOf({ state, status, reason, redirects: redirects.length })),
    }));
    const links = within(answered, MAX_ADDRESSES, ({ url, answer }) => url.length + answer.length);
    const findings = result.findings
      .slice(0, MAX_FINDINGS)
      .map(({ severity, rule, message }) => cleanLine(`${severity} ${rule}: ${message}`));
    const lines = [...links.map(({ url, answer }) => `${answer} ${url}`), ...findings];
    const cut = links.length < requested.length ? `, ${links.length} shown` : '';
    const head = `Message ${key}: ${requested.length} URLs requested${cut}; ${result.findings.length} findings, ${findings.length} shown.`;
    return {
      content: [textContent(lines.length === 0 ? head : `${head}\n${fence(call.marker, lines)}`)],
      structured: { id: key, state: result.state, links, findings },
    };
  },
});

/** Returns the answer to a requested URL as text, for example `404 after 1 redirects`. */
function answerOf(link: {
  readonly state: string;
  readonly status: number | null;
  readonly reason: string | null;
  readonly redirects: number;
}): string {
  const { state, status, reason, redirects } = link;
  const answer = status === null ? `${state}${reason === null ? '' : ` (${reason})`}` : String(status);
  return redirects === 0 ? answer : `${answer} after ${redirects} redirects`;
}

export const explainMissingMail = defineTool({
  name: 'explain_missing',
  title: 'Explain missing mail',
  description:
    'Explains why no message arrived: refused deliveries, rules that fired, mail for other addresses.',
  input: Type.Object({
    to: Type.String({ description: 'Expected recipient' }),
    query: Type.Optional(Type.String()),
    since: Type.Optional(Type.Integer({ minimum: 0, description: 'Seq; default 0' })),
  }),
  output: Missing,
  effects: { reads: true },
  async run({ to, query, since = 0 }, call, deps) {
    const scope = readScope({ account: to, ...(query === undefined ? {} : { query }) });
    const missing = await missingOf(deps, await deps.waits.report(scope, since, 0));
    return { content: [textContent(missingText(call.marker, missing))], structured: missing };
  },
});
