/**
 * Uses the client in the way that each runtime must support: `runtime-probe.mjs MODULE URL`, or `?module=…&url=…`
 * in a browser, which has no command line. It uses only features that browsers, Deno, Bun and Node share, and
 * prints its results in one line.
 */
const asked = new URL(import.meta.url).searchParams;
const [module, url] = asked.has('url')
  ? [asked.get('module'), asked.get('url')]
  : (globalThis.Deno?.args ?? process.argv.slice(2));
const { connect } = await import(module);
const sandbox = await connect(url);
const inbox = await sandbox.createInbox();

const seen = [];
let connected;
const connection = new Promise((resolve) => (connected = resolve));
const stream = sandbox.client.events({
  account: inbox.address,
  onConnection: (isConnected) => isConnected && connected(),
});
const listening = (async () => {
  for await (const event of stream) {
    if (event.type !== 'message') continue;
    seen.push(event.type);
    break;
  }
})();

// The stream reports only messages that arrive after the connection.
await connection;
const waiting = inbox.waitFor({ subject: /welcome/i });
await sandbox.client.submit(
  new TextEncoder().encode(
    [
      'From: app@x.test',
      `To: ${inbox.address}`,
      'Subject: Welcome',
      'Content-Type: text/html',
      '',
      '<p>Your code is <b>493817</b>. <a href="https://x.test/verify?t=1">Verify</a></p>',
    ].join('\r\n'),
  ),
  { from: 'app@x.test', to: inbox.address },
);
const message = await waiting;
await listening;
await inbox.waitForNone('anything', { quietFor: 20 });
const missed = await inbox.waitFor('never', { timeout: 30 }).catch((error) => error.name);
const link = message.html.querySelector('a').getAttribute('href');
export const outcome = [message.subject, message.codes[0].value, link, seen.join(), missed].join(' ');
console.log(outcome);
