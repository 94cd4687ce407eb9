/**
 * Evaluates the text of a step: escapes, values and functions in sent text, wildcards and captures in expected text.
 */

export type Values = Map<string, string>;
export type Functions = Readonly<Record<string, (...words: string[]) => string>>;

const simpleEscapes: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };

/** Replaces the escapes `\r \n \t \0 \\ \xHH`; `\xHH` is one octet, so the result is a latin1 string. */
export function unescape(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (whole, hex?: string, simple?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const value = simpleEscapes[simple ?? ''];
      if (value === undefined) throw new Error(`unknown escape ${whole}`);
      return value;
    });
}

const functions: Functions = {
  base64: (...words) => Buffer.from(words.join(' '), 'latin1').toString('base64'),
};

/**
 * Returns the octets to send for a text.
 * @param escapes whether the text itself contains escapes, and not only the arguments of functions
 */
export function sentOctets(text: string, escapes: boolean, values: Values, more: Functions = {}): Buffer {
  const known: Functions = { ...functions, ...more };
  const filled = text.replace(
    /\{([A-Za-z][\w-]*)(?: ([^{}]*(?:\{\w+\}[^{}]*)*))?\}/g,
    (whole, name: string, rest?: string) => {
      if (rest === undefined) return escapes ? escaped(valueOf(name, values)) : valueOf(name, values);
      const call = known[name];
      if (call === undefined) throw new Error(`no function for ${whole}`);
      const words = rest.replace(/\{(\w+)\}/g, (_, key: string) => valueOf(key, values)).split(' ');
      return call(...words.map(unescape));
    },
  );
  return escapes ? Buffer.from(unescape(filled), 'latin1') : Buffer.from(filled, 'utf8');
}

const escaped = (value: string): string => value.replaceAll('\\', '\\\\');

function valueOf(name: string, values: Values): string {
  const value = values.get(name);
  if (value === undefined) throw new Error(`{${name}} has no value yet`);
  return value;
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Compiles the pattern of a line to a regular expression, and returns it with the names of its groups in order. */
function compile(pattern: string, values: Values): { regex: RegExp; names: string[] } {
  const names: string[] = [];
  let source = '';
  let from = 0;
  for (const match of pattern.matchAll(/\{(?:\*|([A-Za-z]\w*)(?::((?:\\.|\{[\d,]+\}|[^{}\\])+))?)\}/g)) {
    source += literal(pattern.slice(from, match.index));
    from = match.index + match[0].length;
    const [, name, constraint] = match;
    if (name === undefined) source += '.*';
    else if (values.has(name)) source += literal(values.get(name) ?? '');
    else if (names.includes(name)) source += String.raw`\${names.indexOf(name) + 1}`;
    else {
      names.push(name);
      source += `(${constraint?.replaceAll(/\((?!\?)/g, '(?:') ?? '.+?'})`;
    }
  }
  return { regex: new RegExp(`^${source}${literal(pattern.slice(from))}$`, 's'), names };
}

/** Returns whether a line matches the pattern; if it does, stores the captured texts in `values`. */
export function lineMatches(pattern: string, line: string, values: Values): boolean {
  const { regex, names } = compile(Buffer.from(pattern, 'utf8').toString('latin1'), values);
  const match = regex.exec(line);
  if (match === null) return false;
  for (const [index, name] of names.entries()) values.set(name, match[index + 1] ?? '');
  return true;
}
