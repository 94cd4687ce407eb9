/** The helpers of SendGrid's dynamic templates that Handlebars does not have. */
import type { HelperDelegate, HelperOptions } from 'handlebars';

type Compare = (left: unknown, right: unknown) => boolean;

/** Returns a block helper that renders its first part if the comparison of its arguments is true. */
const block = (compare: Compare): HelperDelegate =>
  function (this: unknown, left: unknown, right: unknown, options: HelperOptions): string {
    return compare(left, right) ? options.fn(this) : options.inverse(this);
  };

/** Matches the default value in `{{insert name "default=there"}}`. */
const DEFAULT = /^default=(.*)$/s;

export const helpers: Readonly<Record<string, HelperDelegate>> = {
  // SendGrid compares a text with a number as the operator == does.
  equals: block((left, right) => left == right),
  notEquals: block((left, right) => left != right),
  greaterThan: block((left, right) => Number(left) > Number(right)),
  lessThan: block((left, right) => Number(left) < Number(right)),
  and: block((left, right) => Boolean(left) && Boolean(right)),
  or: block((left, right) => Boolean(left) || Boolean(right)),
  length: (value: unknown) => (Array.isArray(value) || typeof value === 'string' ? value.length : 0),
  insert: (value: unknown, fallback: unknown) =>
    value ?? (typeof fallback === 'string' ? (DEFAULT.exec(fallback)?.[1] ?? '') : ''),
};
