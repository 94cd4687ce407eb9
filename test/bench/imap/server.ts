/**
 * The measured IMAP server, as a separate process: `server.ts DIRECTORY`. Fills an empty directory with messages,
 * then prints its port on one line, and its memory and processor time for every line that it reads.
 */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { createAuthenticator } from '../../../server/auth.ts';
import { createImapServer } from '../../../server/imap/server.ts';
import { accountName } from '../../../server/store/ids.ts';
import { openJsonStore } from '../../../server/store/json/index.ts';
import { sampleMessage } from '../load.ts';

const [directory = '', count = '0'] = process.argv.slice(2);
const store = await openJsonStore(directory);
const { messages } = await store.facts();
/** Number of messages that are added to the store at the same time. */
const AT_ONCE = 100;
for (let serial = messages; serial < Number(count); serial += AT_ONCE) {
  // Each message is a commit of its own, as in a capture.
  await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) =>
      store.messages.add({
        raw: sampleMessage(serial + index),
        envelope: { from: { address: 'shop@example.test', parameters: {} }, to: [] },
        origin: { kind: 'import', session: null, peer: null, helo: null, tls: null, user: null },
        targets: [{ account: accountName('user@example.test') }],
      }),
    ),
  );
}
const server = createImapServer({
  host: '127.0.0.1',
  port: 0,
  tls: null,
  store,
  auth: createAuthenticator(store.accounts, new Map()),
  logger: pino({ level: 'silent' }),
  version: '0',
});
await server.listen();
console.log(server.address().port);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));

for await (const line of createInterface(process.stdin)) {
  if (line === 'gc') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1_000 }));
}
