/** Starts Mailpit on free ports, for tests that compare the answers of Restante with those of Mailpit. */
import path from 'node:path';
import { startToolServer, type ToolServer } from './tool-server.ts';

export const startMailpit = (args: readonly string[] = []): Promise<ToolServer> =>
  startToolServer('mailpit', 'readyz', ({ http, smtp, folder }) => ({
    program: 'mailpit',
    args: [
      ...['--listen', `127.0.0.1:${http}`, '--smtp', `127.0.0.1:${smtp}`, '--quiet'],
      ...['--disable-version-check', '--enable-chaos', '--database', path.join(folder, 'mailpit.db')],
      ...args,
    ],
  }));
