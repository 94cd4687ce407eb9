/** Compares the shapes of JSON values: the names of members and the types of their values. */

/** Returns the shape of a value that has the members and items of both shapes. */
function merged(left: unknown, right: unknown): unknown {
  if (left === undefined) return right;
  if (Array.isArray(left) && Array.isArray(right))
    return [[...left, ...right].reduce(merged, undefined)].filter(isKnown);
  if (typeof left !== 'object' || typeof right !== 'object')
    return left === right ? left : [left, right].sort().join('|');
  const members = { ...left } as Record<string, unknown>;
  for (const [name, shape] of Object.entries(right!)) members[name] = merged(members[name], shape);
  return members;
}

const isKnown = (shape: unknown): boolean => shape !== undefined;

/**
 * Returns a value with each text, number and boolean replaced by the name of its type. The items of an array are
 * merged. Programs in Go send `null` for some empty arrays, so `null` counts as an empty array.
 */
export function shapeOf(value: unknown): unknown {
  if (value === null) return [];
  if (Array.isArray(value)) return [value.map(shapeOf).reduce(merged, undefined)].filter(isKnown);
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}
