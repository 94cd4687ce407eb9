/** ENABLE (RFC 5161). What is not known is passed over. */
import { AUTHENTICATED, command } from '../command.ts';
import type { Extension } from '../session.ts';

/** What can be enabled, and what comes with it. */
const EXTENSIONS: Readonly<Record<string, readonly Extension[]>> = {
  CONDSTORE: ['CONDSTORE'],
  QRESYNC: ['QRESYNC', 'CONDSTORE'],
  'UTF8=ACCEPT': ['UTF8=ACCEPT'],
};

export const enable = command<readonly string[]>({
  name: 'ENABLE',
  states: AUTHENTICATED,
  capabilities: ['ENABLE', 'UTF8=ACCEPT'],
  parse(decoder) {
    const names: string[] = [];
    do {
      decoder.sp();
      names.push(decoder.keyword('a capability'));
    } while (!decoder.done);
    return names;
  },
  async run(session, names) {
    const fresh = names.filter((name) => {
      const extensions = EXTENSIONS[name] ?? [];
      const news = extensions.length > 0 && !extensions.every((extension) => session.enabled.has(extension));
      for (const extension of extensions) session.enabled.add(extension);
      return news;
    });
    session.send(['* ENABLED', ...fresh].join(' '));
    return undefined;
  },
});
