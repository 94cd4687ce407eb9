/** Starts MailDev on free ports, for tests that compare the answers of Restante with those of MailDev. */
import path from 'node:path';
import { startToolServer, type ToolServer } from './tool-server.ts';

/** The folder `node_modules` with MailDev and its client cypress-maildev; `undefined` if they are not installed. */
export const maildevPackages = process.env['MAILDEV_PACKAGES'];

export const startMaildev = (args: readonly string[] = []): Promise<ToolServer> =>
  startToolServer('maildev', 'api/healthz', ({ http, smtp, folder }) => ({
    program: process.execPath,
    args: [
      path.join(maildevPackages ?? '', 'maildev', 'dist', 'bin', 'maildev.js'),
      ...['--web', String(http), '--smtp', String(smtp), '--ip', '127.0.0.1', '--web-ip', '127.0.0.1'],
      ...['--silent', ...args],
    ],
    // MailDev stores mail in the folder for temporary files, so each MailDev gets such a folder of its own.
    env: { TMPDIR: folder },
  }));
