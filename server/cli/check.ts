/**
 * `restante check`: checks messages in files without a server, for example in a build that should fail because of
 * the findings. Each finding is printed on one line with its position in the file, as compilers do; `--json` prints
 * complete findings.
 */
import { readFileSync } from 'node:fs';
import { applyBudget, BudgetError, NO_BUDGET, readBudget, type CheckBudget } from '../checks/budget.ts';
import { clientMistake } from '../checks/client-support/clients.ts';
import { staticCheckNames } from '../../contract/names.ts';
import { CheckRunner } from '../checks/runner.ts';
import type { Envelope } from '../message/envelope.ts';
import type { Finding, Severity } from '../message/finding.ts';
import { protocolFindings } from '../checks/protocol/index.ts';
import type { ProtocolRule } from '../checks/protocol/catalogue.ts';
import { systemWords } from '../net/system-words.ts';
import { readArguments as readArgumentsOf } from './arguments.ts';
import { CommandError, USAGE } from './error.ts';
import { printable, printableJson } from './printable.ts';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];
/** The exit code when a message has findings of at least the severity that `--fail-on` names. */
const FOUND = 1;
const BUDGET_FILE = 'restante.checks.json';

interface Arguments {
  readonly files: readonly string[];
  readonly failOn: Severity;
  readonly budget: string | null;
  readonly clients: readonly string[];
  readonly json: boolean;
}

function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = readArgumentsOf('check', argv, {
    'fail-on': { type: 'string', default: 'error' },
    budget: { type: 'string' },
    client: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  });
  const failOn = SEVERITIES.find((severity) => severity === values['fail-on']);
  if (failOn === undefined) {
    throw new CommandError(`check: --fail-on must be one of ${SEVERITIES.join(', ')}`, USAGE);
  }
  const mistake = values.client.map(clientMistake).find((found) => found !== null);
  if (mistake !== undefined) throw new CommandError(`check: --client: ${mistake}`, USAGE);
  if (positionals.length === 0) throw new CommandError('check: name a file, or - for standard input', USAGE);
  return {
    files: positionals,
    failOn,
    budget: values.budget ?? null,
    clients: values.client,
    json: values.json,
  };
}

function readFile(name: string): Buffer {
  try {
    return readFileSync(name === '-' ? 0 : name);
  } catch (error) {
    throw new CommandError(`check: ${name} cannot be read: ${systemWords(error)}`, USAGE);
  }
}

function budgetOf(file: string | null): CheckBudget {
  const name = file ?? BUDGET_FILE;
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    if (file === null && (error as NodeJS.ErrnoException).code === 'ENOENT') return NO_BUDGET;
    throw new CommandError(`check: ${name} cannot be read: ${systemWords(error)}`, USAGE);
  }
  try {
    return readBudget(text);
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    throw new CommandError(`check: ${name}: ${error.message}`, USAGE);
  }
}

/**
 * Returns a finding as text: `mail.eml:12:3: warning content/http-link: …`, followed by the advice on how to
 * solve the problem.
 */
function lineOf(file: string, { check, rule, severity, message, where, help, reference }: Finding): string {
  const place = [file, where?.line, where?.column].filter((piece) => piece !== undefined).join(':');
  const excerpt = where?.excerpt === undefined ? [] : [`    | ${where.excerpt}`];
  const advice = [help, reference === null ? null : `(${reference})`].filter((piece) => piece !== null);
  return [
    `${place}: ${severity} ${check}/${rule}: ${message}`,
    ...excerpt,
    ...(advice.length === 0 ? [] : [`    ${advice.join(' ')}`]),
  ]
    .map(printable)
    .join('\n');
}

const NOBODY: Envelope = { from: { address: '', parameters: {} }, to: [] };
/**
 * The rules that are not applied to files: the rules about the envelope, because a file has no envelope, and
 * the rules about line endings (`OF_LINE_ENDS`), because the line endings of a file depend on the operating
 * system.
 */
const OF_SENDING: readonly ProtocolRule[] = ['8bit-without-8bitmime', 'utf8-header-without-smtputf8'];
const OF_LINE_ENDS: readonly ProtocolRule[] = ['bare-lf', 'smuggling-sequence'];

/** Returns the findings of the check `protocol` about the octets of a message. */
function findingsOfOctets(raw: Buffer): readonly Finding[] {
  const unsaid: readonly string[] = [...OF_SENDING, ...(raw.includes('\r\n') ? [] : OF_LINE_ENDS)];
  return protocolFindings(raw, NOBODY).filter(({ rule }) => !unsaid.includes(rule));
}

interface Checked {
  readonly file: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

async function checkFile(
  runner: CheckRunner,
  file: string,
  budget: CheckBudget,
  clients: readonly string[],
): Promise<Checked> {
  const raw = readFile(file);
  const results = await runner.run({
    raw,
    envelope: NOBODY,
    receivedAt: null,
    checks: staticCheckNames,
    options: { clients: clients.length > 0 ? clients : budget.clients },
  });
  const scores = results.flatMap(({ check, outcome }) =>
    outcome.score === null ? [] : [[check, outcome.score] as const],
  );
  const findings = applyBudget(
    [...findingsOfOctets(raw), ...results.flatMap(({ outcome }) => outcome.findings)],
    budget,
  );
  return { file, scores: Object.fromEntries(scores), findings };
}

function summaryOf(checked: readonly Checked[]): string {
  const findings = checked.flatMap((one) => one.findings);
  const counts = [...SEVERITIES].reverse().map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity}`;
  });
  return `${checked.length} checked: ${counts.join(', ')}`;
}

/**
 * Runs the command `check`. Returns the exit code: 0 if no finding has at least the severity that `--fail-on`
 * names, otherwise 1. Throws `CommandError` with exit code 2 for invalid arguments.
 */
export async function check(argv: readonly string[]): Promise<number> {
  const { files, failOn, budget: budgetFile, clients, json } = readArguments(argv);
  const budget = budgetOf(budgetFile);
  const runner = new CheckRunner();
  try {
    const checked: Checked[] = [];
    for (const file of files) {
      const one = await checkFile(runner, file, budget, clients);
      checked.push(one);
      if (!json) for (const finding of one.findings) process.stdout.write(`${lineOf(file, finding)}\n`);
    }
    const result = json ? printableJson(JSON.stringify(checked, null, 2)) : summaryOf(checked);
    process.stdout.write(`${result}\n`);
    const fails = SEVERITIES.slice(SEVERITIES.indexOf(failOn));
    const failed = checked.some(({ findings }) => findings.some(({ severity }) => fails.includes(severity)));
    return failed ? FOUND : 0;
  } finally {
    await runner.close();
  }
}
