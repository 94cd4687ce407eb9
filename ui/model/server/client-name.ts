/**
 * Shortens the name that a client sends, so that it can be displayed: a browser's User-Agent becomes the name
 * of the browser, its version and the operating system.
 */
import { strings as s } from '../../strings.ts';

// A User-Agent also contains the names of browsers that it is compatible with, so the most specific pattern comes
// first.
const BROWSERS = [
  ['Edge', /\bEdg(?:A|iOS)?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\bFirefox\/(\d+)/],
  ['Chrome', /\b(?:Headless)?Chrome\/(\d+)/],
  ['Safari', /\bVersion\/(\d+).*Safari/],
] as const;
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Macintosh', 'Linux'];

export function clientName(client: string | null): string {
  if (client === null) return s.server.unnamed;
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(client)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find((one) => client.includes(one));
    return [`${name} ${version}`, system].filter(Boolean).join(', ');
  }
  return client;
}
