/** Prints JSON for a reader: a value that fits on a line is on one line, other values have a line for each member. */

/** The maximum length of a line that contains a whole object or array. */
const WIDTH = 240;

export function printJson(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return line;
  const inner = `${indent} `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Array.isArray(value)
    ? value.map((each) => printJson(each, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${JSON.stringify(name)}: ${printJson(member, inner)}`);
  return `${open}\n${inner}${members.join(`,\n${inner}`)}\n${indent}${close}`;
}
