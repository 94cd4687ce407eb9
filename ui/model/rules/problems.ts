/** The errors of a rule, and the choice of the form field that shows an error. */

export interface RuleProblem {
  /** The path of the property with the error, such as `when.rcpt` or `script[1].reject`; empty for the whole rule. */
  readonly path: string;
  /** The line of the rule's text with the error, counted from 1; null for an error of the whole text. */
  readonly line: number | null;
  readonly message: string;
}

const isBelow = (path: string, parent: string): boolean =>
  path === parent || path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);

/**
 * Returns the message of the first error at a path or below it; `null` if there is none. Errors whose path begins with
 * one of `others` are skipped, because other fields show them.
 */
export const problemAt = (
  problems: readonly RuleProblem[],
  path: string,
  others: readonly string[] = [],
): string | null =>
  problems.find((one) => isBelow(one.path, path) && !others.some((other) => one.path.startsWith(other)))
    ?.message ?? null;
