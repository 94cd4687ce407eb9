/** The table of Mailpit's calls. This module is loaded at the first request. */
import { textAnswer, type Answer } from '../answer.ts';
import { createRunner, type Calls } from '../table.ts';
import { getChaos, setChaos } from './chaos.ts';
import { checkHtml, checkLinks, checkRspamd, checkSpamAssassin } from './checks.ts';
import { getInfo, getWebUi } from './info.ts';
import { getHeaders, getMessage, getPart, getRaw, getThumbnail, releaseMessage } from './message.ts';
import { deleteMessages, deleteSearch, listMessages, listTags, searchMessages, setRead } from './messages.ts';
import { sendMessage } from './send.ts';
import { deleteTag, renameTag, setTags } from './tags.ts';
import { viewHtml, viewLatest, viewPage, viewText } from './view.ts';

const table: Calls['table'] = {
  'api/v1/messages': { GET: listMessages, PUT: setRead, DELETE: deleteMessages },
  'api/v1/search': { GET: searchMessages, DELETE: deleteSearch },
  'api/v1/send': { POST: sendMessage },
  'api/v1/tags': { GET: listTags, PUT: setTags },
  'api/v1/tags/:tag': { PUT: renameTag, DELETE: deleteTag },
  'api/v1/chaos': { GET: getChaos, PUT: setChaos },
  'api/v1/info': { GET: getInfo },
  'api/v1/webui': { GET: getWebUi },
  'api/v1/message/:id': { GET: getMessage },
  'api/v1/message/:id/headers': { GET: getHeaders },
  'api/v1/message/:id/raw': { GET: getRaw },
  'api/v1/message/:id/part/:part': { GET: getPart },
  'api/v1/message/:id/part/:part/thumb': { GET: getThumbnail },
  'api/v1/message/:id/release': { POST: releaseMessage },
  'api/v1/message/:id/html-check': { GET: checkHtml },
  'api/v1/message/:id/link-check': { GET: checkLinks },
  'api/v1/message/:id/sa-check': { GET: checkSpamAssassin },
  'api/v1/message/:id/rspamd-check': { GET: checkRspamd },
  'view/latest': { GET: viewLatest },
  'view/:id.html': { GET: viewHtml },
  'view/:id.txt': { GET: viewText },
  'view/:id': { GET: viewPage },
};

function unknown(method: string, _url: string, known: readonly string[]): Answer {
  if (method === 'OPTIONS') return textAnswer('');
  if (known.length === 0 && (method === 'GET' || method === 'HEAD'))
    return textAnswer('404 page not found', 404);
  // In Mailpit, unknown paths are paths of the web UI, which has only GET.
  const methods = new Set([...(known.length === 0 ? ['GET'] : known), 'OPTIONS']);
  if (methods.has('GET')) methods.add('HEAD');
  return { ...textAnswer('Method Not Allowed\n', 405), headers: { allow: [...methods].sort().join(', ') } };
}

export const runCall = createRunner({ table, failure: textAnswer, unknown });
