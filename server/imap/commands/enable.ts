/** ENABLE (RFC 5161). Unknown extensions, and extensions that the server does not offer, are ignored. */
import { AUTHENTICATED, command } from './command.ts';
import type { Extension } from '../session/session.ts';

/** The extensions that ENABLE enables for each argument; the arguments are in upper case. */
const EXTENSIONS: Readonly<Record<string, readonly Extension[]>> = {
  CONDSTORE: ['CONDSTORE'],
  QRESYNC: ['QRESYNC', 'CONDSTORE'],
  'UTF8=ACCEPT': ['UTF8=ACCEPT'],
  IMAP4REV2: ['IMAP4rev2'],
};

export const enable = command<readonly string[]>({
  name: 'ENABLE',
  states: AUTHENTICATED,
  capabilities: ['ENABLE', 'UTF8=ACCEPT'],
  parse(decoder) {
    const names: string[] = [];
    while (decoder.acceptSp()) names.push(decoder.keyword('a capability'));
    if (names.length === 0) decoder.deviate('missing-argument');
    return names;
  },
  async run(session, names) {
    const fresh = names.flatMap((name) => {
      const offered = name !== 'UTF8=ACCEPT' || session.deps.offered.includes(name);
      const extensions = offered ? (EXTENSIONS[name] ?? []) : [];
      // All extensions of the name must be enabled. Therefore, `filter` calls `enable` for each of them; `some`
      // would stop at the first extension that is newly enabled.
      const news = extensions.filter((extension) => session.enable(extension));
      return news.length > 0 ? extensions.slice(0, 1) : [];
    });
    session.send(['* ENABLED', ...fresh].join(' '));
    return undefined;
  },
});
