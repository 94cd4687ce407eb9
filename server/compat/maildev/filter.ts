/**
 * The filters of MailDev's list: each query parameter names a member of the email object, with dots for nested
 * members, and the value that the member must have. In a list, one item with the value is enough.
 */

/** The query parameters of a list that are not filters. */
const OPTIONS = new Set(['skip', 'limit', 'sort', 'account']);

export type Filters = readonly (readonly [path: readonly string[], value: string])[];

export const filtersIn = (query: URLSearchParams): Filters =>
  [...query].filter(([name]) => !OPTIONS.has(name)).map(([name, value]) => [name.split('.'), value]);

function memberAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined || value === null) return value ?? undefined;
  if (Array.isArray(value)) return value.map((item: unknown) => memberAt(item, path));
  if (typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return memberAt((value as Record<string, unknown>)[name], rest);
}

const isValue = (member: unknown, value: string): boolean =>
  Array.isArray(member) ? member.some((item) => isValue(item, value)) : String(member) === value;

/** Returns whether an email object has all values of the filters. */
export const passes = (email: object, filters: Filters): boolean =>
  filters.every(([path, value]) => {
    const member = memberAt(email, path);
    return member !== undefined && isValue(member, value);
  });
