/** Where in a JSON text the value of a path stands, so that what is wrong with it can be pointed out. */

/** `when.rcpt`, `script[1].reject` as its steps; a number is a place in a list. */
const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) =>
    index === undefined ? key : Number(index),
  );

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SPACE = /\s*/y;
const LITERAL = /[^\s,\]}]*/y;

/** The line, from 1, of a path's value in a text that is JSON; that of the nearest value around it which is there. */
export function lineOfPath(text: string, path: string): number {
  const steps = stepsOf(path);
  let best = 0;
  let at = 0;

  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  }
  /** Walks a value; `depth` steps of the path lead to it, or none do. */
  function value(depth: number | null): void {
    take(SPACE);
    if (depth !== null) best = at;
    const opening = text[at];
    if (opening === '"') take(STRING);
    else if (opening === '{' || opening === '[') members(opening, depth);
    else take(LITERAL);
  }
  function members(opening: '{' | '[', depth: number | null): void {
    const closing = opening === '{' ? '}' : ']';
    at++;
    for (let index = 0; at < text.length; index++) {
      take(SPACE);
      if (text[at] === closing) break;
      const start = at;
      let key: string | number = index;
      if (opening === '{') {
        key = take(STRING).slice(1, -1);
        take(SPACE);
        at++;
      }
      value(depth !== null && steps[depth] === key ? depth + 1 : null);
      take(SPACE);
      if (text[at] === ',') at++;
      // Text that is no JSON after all must not be walked for ever.
      if (at === start) break;
    }
    at++;
  }
  value(0);
  return text.slice(0, best).split('\n').length;
}
