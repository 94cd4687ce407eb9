/** The table of MailDev's calls. This module is loaded at the first request. */
import { jsonAnswer } from '../answer.ts';
import type { Handler } from '../call.ts';
import { createRunner, type Calls, type Methods } from '../table.ts';
import { MAILDEV_VERSION } from './version.ts';
import { deleteAll, deleteSome, listEmails, listSummaries, readAll } from './emails.ts';
import {
  deleteEmail,
  download,
  getAttachment,
  getEmail,
  getHtml,
  getSource,
  relayEmail,
} from './one-email.ts';

const getConfig: Handler = async ({ relay, smtpPort }) => {
  const { mode, smartHost } = relay.policy();
  const host = mode === 'off' || smartHost === null ? null : smartHost.replace(/^smtps?:\/\//, '');
  return jsonAnswer({
    version: MAILDEV_VERSION,
    smtpPort: smtpPort() ?? undefined,
    isOutgoingEnabled: mode !== 'off',
    outgoingHost: host === null ? null : host.replace(/:\d+$/, ''),
  });
};

const isHealthy: Handler = async () => jsonAnswer(true);

/** The calls below `/api`, as in MailDev 3; MailDev 2 has the same calls at the root. */
const CALLS: Readonly<Record<string, Methods>> = {
  healthz: { GET: isHealthy },
  config: { GET: getConfig },
  // In MailDev, this call reads the mail directory again. Restante always reads messages from its store, so the call
  // does nothing and returns MailDev's response.
  reloadMailsFromDirectory: { GET: isHealthy },
  email: { GET: listEmails },
  'email/all': { DELETE: deleteAll },
  'email/delete': { POST: deleteSome },
  'email/read-all': { PATCH: readAll },
  'email/summary': { GET: listSummaries },
  'email/:id': { GET: getEmail, DELETE: deleteEmail },
  'email/:id/html': { GET: getHtml },
  'email/:id/source': { GET: getSource },
  'email/:id/download': { GET: download },
  'email/:id/attachment/:filename': { GET: getAttachment },
  'email/:id/relay': { POST: relayEmail },
  'email/:id/relay/:to': { POST: relayEmail },
};

const table: Calls['table'] = {
  ...CALLS,
  ...Object.fromEntries(Object.entries(CALLS).map(([path, methods]) => [`api/${path}`, methods])),
};

const failure: Calls['failure'] = (error, status) => jsonAnswer({ error }, status);

export const runCall = createRunner({
  table,
  failure,
  unknown: () => jsonAnswer({ error: 'Not found' }, 404),
});
