/** The table of Mailosaur's calls. This module is loaded at the first request. */
import { createRunner, type Calls } from '../table.ts';
import { checkDeliverability, checkSpam } from './analysis.ts';
import { createDevice, deleteDevice, getDeviceCode, getSecretCode, listDevices } from './devices.ts';
import { failure } from './errors.ts';
import { getAttachment, getEmail } from './files.ts';
import { deleteAll, deleteMessage, getMessage, listMessages, searchMessages } from './messages.ts';
import { getScreenshot, listEmailClients, requestScreenshots } from './screenshots.ts';
import { createServer, deleteServer, getPassword, getServer, listServers, updateServer } from './servers.ts';
import { getLimits, listTransactions } from './usage.ts';
import { createMessage, forwardMessage, replyToMessage } from './write.ts';

const table: Calls['table'] = {
  'api/servers': { GET: listServers, POST: createServer },
  'api/servers/:server': { GET: getServer, PUT: updateServer, DELETE: deleteServer },
  'api/servers/:server/password': { GET: getPassword },
  'api/messages': { GET: listMessages, POST: createMessage, DELETE: deleteAll },
  'api/messages/search': { POST: searchMessages },
  'api/messages/:id': { GET: getMessage, DELETE: deleteMessage },
  'api/messages/:id/forward': { POST: forwardMessage },
  'api/messages/:id/reply': { POST: replyToMessage },
  'api/messages/:id/screenshots': { POST: requestScreenshots },
  'api/files/attachments/:id': { GET: getAttachment },
  'api/files/email/:id': { GET: getEmail },
  'api/files/screenshots/:id': { GET: getScreenshot },
  'api/screenshots/clients': { GET: listEmailClients },
  'api/analysis/spam/:id': { GET: checkSpam },
  'api/analysis/deliverability/:id': { GET: checkDeliverability },
  'api/usage/limits': { GET: getLimits },
  'api/usage/transactions': { GET: listTransactions },
  'api/devices': { GET: listDevices, POST: createDevice },
  'api/devices/otp': { POST: getSecretCode },
  'api/devices/:id': { DELETE: deleteDevice },
  'api/devices/:id/otp': { GET: getDeviceCode },
};

const unknown: Calls['unknown'] = (_method, _url, known) =>
  known.length === 0
    ? { status: 404, type: null, body: '' }
    : { status: 405, type: null, headers: { allow: known.join(', ') }, body: '' };

export const runCall = createRunner({ table, failure, unknown });
