/**
 * `restante.checks.json`: what a team has decided about findings. Rules and whole checks get another severity or are
 * ignored, and the clients that matter are named. What cannot be understood is refused with its place in the file.
 *
 * ```json
 * { "clients": ["gmail.*", "outlook.windows"], "rules": { "content/http-link": "ignore", "standards/*": "error" } }
 * ```
 */
import { severities } from '../../contract/names.ts';
import { clientMistake } from './client-support/clients.ts';
import type { Finding, Severity } from '../message/finding.ts';

/** What becomes of a finding: another severity, or nothing is said. */
export type Verdict = Severity | 'ignore';

const VERDICTS: readonly string[] = [...severities, 'ignore'];

export interface CheckBudget {
  /** Mail clients that matter, as `family.platform`; all when empty. */
  readonly clients: readonly string[];
  /** By `check/rule`, `check/*` or `*`; the most exact entry decides. */
  readonly rules: Readonly<Record<string, Verdict>>;
}

export const NO_BUDGET: CheckBudget = { clients: [], rules: {} };

/** What is wrong with a budget, and where, e.g. `rules["content/http-link"]`. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readClients(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new BudgetError('clients: a list of names like "gmail.ios" is wanted');
  value.forEach((name: unknown, index) => {
    if (typeof name !== 'string') {
      throw new BudgetError(`clients[${index}]: a name like "gmail.ios", "gmail.*" or "*.ios" is wanted`);
    }
    const mistake = clientMistake(name);
    if (mistake !== null) throw new BudgetError(`clients[${index}]: ${mistake}`);
  });
  return value as readonly string[];
}

function readRules(value: unknown): CheckBudget['rules'] {
  if (value === undefined) return {};
  if (!isObject(value)) throw new BudgetError('rules: an object of rules and severities is wanted');
  for (const [rule, verdict] of Object.entries(value)) {
    const where = `rules[${JSON.stringify(rule)}]`;
    if (!/^(\*|[a-z0-9-]+\/(\*|[a-z0-9-]+))$/.test(rule)) {
      throw new BudgetError(`${where}: "check/rule", "check/*" or "*" is wanted`);
    }
    if (typeof verdict !== 'string' || !VERDICTS.includes(verdict)) {
      throw new BudgetError(`${where}: one of ${VERDICTS.join(', ')} is wanted`);
    }
  }
  return value as CheckBudget['rules'];
}

/** Reads a budget's JSON. Throws `BudgetError`. */
export function readBudget(text: string): CheckBudget {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BudgetError(`it is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new BudgetError('an object with "clients" and "rules" is wanted');
  const unknown = Object.keys(value).find((key) => !['$schema', 'clients', 'rules'].includes(key));
  if (unknown !== undefined) throw new BudgetError(`${unknown}: there is no such key; known: clients, rules`);
  return { clients: readClients(value['clients']), rules: readRules(value['rules']) };
}

/** The findings as the budget sees them: without those ignored, with the severities it gives. */
export function applyBudget(findings: readonly Finding[], { rules }: CheckBudget): Finding[] {
  return findings.flatMap((finding) => {
    const verdict = rules[`${finding.check}/${finding.rule}`] ?? rules[`${finding.check}/*`] ?? rules['*'];
    if (verdict === 'ignore') return [];
    return [verdict === undefined ? finding : { ...finding, severity: verdict }];
  });
}
