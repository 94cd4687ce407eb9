/**
 * Reads the budget, the file `restante.checks.json` in which a team configures how findings are reported: it
 * changes the severity of the findings of a rule or of a whole check, ignores findings, and names the mail
 * clients that matter. An invalid budget is refused with the place of the error in the file.
 *
 * ```json
 * { "clients": ["gmail.*", "outlook.windows"],
 *   "rules": { "content/http-link": "ignore", "standards/*": "error" } }
 * ```
 */
import { severities } from '../../contract/names.ts';
import { clientMistake } from './client-support/clients.ts';
import type { Finding, Severity } from '../message/finding.ts';

/** The new severity of a finding; `ignore` omits the finding. */
export type Verdict = Severity | 'ignore';

const VERDICTS: readonly string[] = [...severities, 'ignore'];

export interface CheckBudget {
  /** The mail clients that matter to the team, as `family.platform`; an empty list means all clients. */
  readonly clients: readonly string[];
  /**
   * The new severities by `check/rule`, `check/*` or `*`; for each finding, the most specific entry applies.
   */
  readonly rules: Readonly<Record<string, Verdict>>;
}

export const NO_BUDGET: CheckBudget = { clients: [], rules: {} };

/**
 * The error for an invalid budget. The message starts with the place of the error, e.g.
 * `rules["content/http-link"]`.
 */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readClients(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new BudgetError('clients must be a list of names like "gmail.ios"');
  value.forEach((name: unknown, index) => {
    if (typeof name !== 'string') {
      throw new BudgetError(`clients[${index}] must be a name like "gmail.ios", "gmail.*" or "*.ios"`);
    }
    const mistake = clientMistake(name);
    if (mistake !== null) throw new BudgetError(`clients[${index}]: ${mistake}`);
  });
  return value as readonly string[];
}

function readRules(value: unknown): CheckBudget['rules'] {
  if (value === undefined) return {};
  if (!isObject(value)) throw new BudgetError('rules must be an object with a severity for each rule');
  for (const [rule, verdict] of Object.entries(value)) {
    const where = `rules[${JSON.stringify(rule)}]`;
    if (!/^(\*|[a-z0-9-]+\/(\*|[a-z0-9-]+))$/.test(rule)) {
      throw new BudgetError(`${where}: the key must be "check/rule", "check/*" or "*"`);
    }
    if (typeof verdict !== 'string' || !VERDICTS.includes(verdict)) {
      throw new BudgetError(`${where} must be one of ${VERDICTS.join(', ')}`);
    }
  }
  return value as CheckBudget['rules'];
}

/**
 * Parses the JSON of a budget (the file that sets the severities of findings). Throws `BudgetError` for an
 * invalid budget.
 */
export function readBudget(text: string): CheckBudget {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BudgetError(`the file is not valid JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new BudgetError('the file must contain an object with "clients" and "rules"');
  const unknown = Object.keys(value).find((key) => !['$schema', 'clients', 'rules'].includes(key));
  if (unknown !== undefined)
    throw new BudgetError(`unknown key ${unknown}; the known keys are clients and rules`);
  return { clients: readClients(value['clients']), rules: readRules(value['rules']) };
}

/**
 * Returns the findings with the severities that the budget sets, without the findings that the budget
 * ignores.
 */
export function applyBudget(findings: readonly Finding[], { rules }: CheckBudget): Finding[] {
  return findings.flatMap((finding) => {
    const verdict = rules[`${finding.check}/${finding.rule}`] ?? rules[`${finding.check}/*`] ?? rules['*'];
    if (verdict === 'ignore') return [];
    return [verdict === undefined ? finding : { ...finding, severity: verdict }];
  });
}
