/** Presents the report on an expected message that did not arrive. */
import Type, { type Static } from 'typebox';
import { explainMissing } from '../../service/explain-missing.ts';
import type { WaitTimeoutReport } from '../../service/wait/index.ts';
import type { McpDeps } from '../deps.ts';
import { cleanLine, fence } from '../untrusted.ts';
import { listedBrief, type Brief } from './shared.ts';

/** The maximum number of entries of each list in a report. */
const SHOWN = 5;

export const Missing = Type.Object({
  reasons: Type.Array(Type.String()),
  arrived: Type.Array(Type.String()),
  elsewhere: Type.Array(Type.String()),
  refused: Type.Array(Type.String()),
  rules: Type.Array(Type.String()),
});
export type Missing = Static<typeof Missing>;

/**
 * The schema of the report within the results of the wait tools. It does not repeat the members of `Missing`, because
 * the list of tools must be short.
 */
export const Reasons = Type.Unsafe<Missing>({ type: 'object', description: 'As explain_missing' });

export async function missingOf(deps: McpDeps, timedOut: WaitTimeoutReport): Promise<Missing> {
  const { arrived, elsewhere, refused, rules, reasons } = await explainMissing(deps.capture, timedOut);
  const smtp = deps.endpoints().find(({ protocol }) => protocol === 'smtp');
  const server = smtp === undefined ? [] : [`This sandbox receives SMTP at ${smtp.host}:${smtp.port}`];
  return {
    reasons: [...reasons, ...(arrived.length > 0 ? [] : server)],
    arrived: arrived.slice(0, SHOWN).map(({ message, failed }) => {
      const terms = failed
        .slice(0, SHOWN)
        .map(({ term, found }) => `${cleanLine(term)} (found ${cleanLine(found)})`);
      return [shown(listedBrief(message)), ...terms].join('; not ');
    }),
    elsewhere: elsewhere.slice(0, SHOWN).map(({ message }) => shown(listedBrief(message))),
    refused: refused.slice(-SHOWN).map(({ from, to, reply, rule }) => {
      const cause = rule === null ? '' : ` (rule ${rule})`;
      return cleanLine(`${from ?? '?'} to ${to.join(', ') || '?'}: ${reply}${cause}`);
    }),
    rules: rules.slice(0, SHOWN).map(({ name, hits }) => cleanLine(`${name}: fired ${hits} times`)),
  };
}

const shown = ({ id, to, subject }: Brief): string => `${id} to ${to.join(', ')}: ${subject}`;

/** Returns the report as text. Everything that a sender wrote is between two lines that mark it as untrusted. */
export function missingText(
  marker: string,
  { reasons, arrived, elsewhere, refused, rules }: Missing,
): string {
  const lines = [
    ...arrived.map((line) => `arrived ${line}`),
    ...elsewhere.map((line) => `elsewhere ${line}`),
    ...refused.map((line) => `refused ${line}`),
    ...rules.map((line) => `rule ${line}`),
  ];
  return [
    ...reasons.map((reason) => `- ${reason}.`),
    ...(lines.length === 0 ? [] : [fence(marker, lines)]),
  ].join('\n');
}
