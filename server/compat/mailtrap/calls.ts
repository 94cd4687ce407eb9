/** The table of the calls of Mailtrap's sandbox. This module is loaded at the first request. */
import { jsonAnswer } from '../answer.ts';
import type { Handler } from '../call.ts';
import { createRunner, type Calls } from '../table.ts';
import { downloadAttachment, getAttachment, listAttachments } from './attachments.ts';
import { getEml, getHeaders, getHtml, getHtmlSource, getRaw, getText } from './bodies.ts';
import { failure } from './errors.ts';
import {
  cleanInbox,
  createInbox,
  deleteInbox,
  getInbox,
  listInboxes,
  markAllRead,
  resetCredentials,
  resetEmailUsername,
  toggleEmailUsername,
  updateInbox,
} from './inboxes.ts';
import { deleteMessage, forwardMessage, getMessage, listMessages, updateMessage } from './messages.ts';
import { createProject, deleteProject, getProject, listProjects, updateProject } from './projects.ts';
import { analyzeHtml, getSpamReport } from './reports.ts';

/**
 * The only account. Every account number in a path means this account, so that a test keeps the number of its own
 * account.
 */
const listAccounts: Handler = async () => jsonAnswer([{ id: 1, name: 'Restante', access_levels: [1000] }]);

const ACCOUNT = 'api/accounts/:owner';
const INBOX = `${ACCOUNT}/inboxes/:inbox`;
const MESSAGE = `${INBOX}/messages/:message`;

const table: Calls['table'] = {
  'api/accounts': { GET: listAccounts },
  [`${ACCOUNT}/projects`]: { GET: listProjects, POST: createProject },
  [`${ACCOUNT}/projects/:project`]: { GET: getProject, PATCH: updateProject, DELETE: deleteProject },
  [`${ACCOUNT}/projects/:project/inboxes`]: { POST: createInbox },
  [`${ACCOUNT}/inboxes`]: { GET: listInboxes },
  [INBOX]: { GET: getInbox, PATCH: updateInbox, DELETE: deleteInbox },
  [`${INBOX}/clean`]: { PATCH: cleanInbox },
  [`${INBOX}/all_read`]: { PATCH: markAllRead },
  [`${INBOX}/reset_credentials`]: { PATCH: resetCredentials },
  [`${INBOX}/toggle_email_username`]: { PATCH: toggleEmailUsername },
  [`${INBOX}/reset_email_username`]: { PATCH: resetEmailUsername },
  [`${INBOX}/messages`]: { GET: listMessages },
  [MESSAGE]: { GET: getMessage, PATCH: updateMessage, DELETE: deleteMessage },
  [`${MESSAGE}/forward`]: { POST: forwardMessage },
  [`${MESSAGE}/body.html`]: { GET: getHtml },
  [`${MESSAGE}/body.htmlsource`]: { GET: getHtmlSource },
  [`${MESSAGE}/body.txt`]: { GET: getText },
  [`${MESSAGE}/body.raw`]: { GET: getRaw },
  [`${MESSAGE}/body.eml`]: { GET: getEml },
  [`${MESSAGE}/mail_headers`]: { GET: getHeaders },
  [`${MESSAGE}/spam_report`]: { GET: getSpamReport },
  [`${MESSAGE}/analyze`]: { GET: analyzeHtml },
  [`${MESSAGE}/attachments`]: { GET: listAttachments },
  [`${MESSAGE}/attachments/:attachment`]: { GET: getAttachment },
  [`${MESSAGE}/attachments/:attachment/download`]: { GET: downloadAttachment },
};

const unknown: Calls['unknown'] = () => jsonAnswer({ error: 'Not Found' }, 404);

export const runCall = createRunner({ table, failure, unknown });
