/** Finds the line of a value in a JSON text by its path, so that an error can be shown at that line. */

/** Splits a path such as `when.rcpt` or `script[1].reject` into its steps; a number is an index of an array. */
const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) =>
    index === undefined ? key : Number(index),
  );

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SPACE = /\s*/y;
const LITERAL = /[^\s,\]}]*/y;

/**
 * Returns the number of the line, counted from 1, that contains the value at a path in a JSON text. If the
 * value does not exist, returns the line of the nearest enclosing value.
 */
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
  /**
   * Parses a value. `depth` is the number of path steps that lead to the value, or null if the path does not lead to
   * it.
   */
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
      // The loop ends if it has read no character; otherwise it would never end for a text that is not valid
      // JSON.
      if (at === start) break;
    }
    at++;
  }
  value(0);
  return text.slice(0, best).split('\n').length;
}
