/** ENABLE (RFC 5161). Extensions that are not known, or not offered, are passed over. */
import { AUTHENTICATED, command } from './command.ts';
import type { Extension } from '../session/session.ts';

/** What can be enabled, by its name in capitals: itself, as it is written, and what comes with it. */
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
      // All are turned on, whether or not one was on before.
      const news = extensions.filter((extension) => session.enable(extension));
      return news.length > 0 ? extensions.slice(0, 1) : [];
    });
    session.send(['* ENABLED', ...fresh].join(' '));
    return undefined;
  },
});
