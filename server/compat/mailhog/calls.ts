/** The table of MailHog's calls. This module is loaded at the first request. */
import { jsonAnswer, textAnswer, type Answer } from '../answer.ts';
import type { Handler } from '../call.ts';
import { createRunner, type Calls } from '../table.ts';
import { streamEvents } from './events.ts';
import { createJim, deleteJim, getJim, updateJim } from './jim.ts';
import { deleteAll, listAll, listPage, searchPage } from './messages.ts';
import { deleteMessage, download, downloadPart, getMessage, releaseMessage } from './one-message.ts';

/**
 * The call for the list of outgoing servers. MailHog can release messages to the servers in this list; Restante
 * releases messages only through its own relay, so the list is empty.
 */
const listServers: Handler = async () => jsonAnswer({});

const table: Calls['table'] = {
  'api/v1/messages': { GET: listAll, DELETE: deleteAll },
  'api/v1/messages/:id': { GET: getMessage, DELETE: deleteMessage },
  'api/v1/messages/:id/download': { GET: download },
  'api/v1/messages/:id/mime/part/:part/download': { GET: downloadPart },
  'api/v1/messages/:id/release': { POST: releaseMessage },
  'api/v1/events': { GET: streamEvents },
  'api/v2/messages': { GET: listPage },
  'api/v2/search': { GET: searchPage },
  'api/v2/jim': { GET: getJim, POST: createJim, PUT: updateJim, DELETE: deleteJim },
  'api/v2/outgoing-smtp': { GET: listServers },
};

/** MailHog responds to OPTIONS of a known path, and knows no other methods than those of the table. */
const unknown = (method: string, _url: string, known: readonly string[]): Answer =>
  method === 'OPTIONS' && known.length > 0
    ? { type: null, body: '' }
    : textAnswer('404 page not found\n', 404);

export const runCall = createRunner({ table, failure: textAnswer, unknown });
