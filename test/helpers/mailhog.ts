/** Starts MailHog on free ports, for tests that compare the answers of Restante with those of MailHog. */
import { startToolServer, type ToolServer } from './tool-server.ts';

export const startMailhog = (): Promise<ToolServer> =>
  startToolServer('mailhog', 'api/v2/messages', ({ http, smtp }) => ({
    program: 'mailhog',
    args: [
      ...['-api-bind-addr', `127.0.0.1:${http}`, '-ui-bind-addr', `127.0.0.1:${http}`],
      ...['-smtp-bind-addr', `127.0.0.1:${smtp}`],
    ],
  }));
