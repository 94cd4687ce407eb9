/**
 * Uses the npm package mailosaur, which reaches every server at port 443 and by HTTPS: the environment variable HTTPS_PROXY
 * names a proxy that connects to the server of the test. Arguments: the folder with the package, the base URL of the API,
 * and the id of a server that has received a message to bob with the subject "Confirm".
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [, , folder, url, server] = process.argv;
const MailosaurClient = createRequire(path.join(folder, 'package.json'))('mailosaur');
const client = new MailosaurClient('any-key', url);

const sentTo = `bob@${server}.mailosaur.net`;
const message = await client.messages.get(server, { sentTo }, { timeout: 60_000 });
assert.equal(message.subject, 'Confirm');
assert.equal(message.html.codes[0].value, '482913');
assert.equal(message.html.links[0].href, 'https://x.test/html');
assert.deepEqual(message.html.images[0].alt, 'Logo');
assert.equal(message.metadata.rcptTo[0].email, sentTo);
assert.ok(message.received instanceof Date);
const [attachment] = message.attachments;
assert.equal((await client.files.getAttachment(attachment.id)).toString(), 'hello');
assert.match((await client.files.getEmail(message.id)).toString(), /^Subject: Confirm/m);

await assert.rejects(
  client.messages.get(server, { subject: 'absent' }, { timeout: 200 }),
  (error) => error.errorType === 'search_timeout',
);
assert.equal((await client.messages.search(server, { subject: 'confirm', body: 'code' })).items.length, 1);
assert.equal((await client.messages.list(server, { itemsPerPage: 10 })).items.length, 1);
await assert.rejects(client.messages.list('short'), (error) => error.httpStatusCode === 400);
await assert.rejects(client.messages.getById('unknown'), (error) => error.httpStatusCode === 404);

assert.equal((await client.analysis.spam(message.id)).score, 0);
assert.equal((await client.analysis.deliverability(message.id)).content.script, false);

const created = await client.messages.create(server, { subject: 'Made', html: '<p>Hi</p>', send: false });
assert.equal(created.subject, 'Made');
assert.equal((await client.messages.reply(message.id, { text: 'Thanks' })).subject, 'Re: Confirm');
assert.equal((await client.messages.forward(message.id, { to: 'dan@x.test' })).subject, 'Fwd: Confirm');

const own = await client.servers.create({ name: 'Node' });
assert.equal((await client.servers.get(own.id)).name, 'Node');
assert.ok((await client.servers.list()).items.some(({ id }) => id === own.id));
assert.ok(await client.servers.getPassword(own.id));
await client.servers.del(own.id);

const device = await client.devices.create({ name: 'Phone', sharedSecret: 'ONSWG4TFOQYTEMY=' });
assert.match((await client.devices.otp(device.id)).code, /^\d{6}$/);
assert.match((await client.devices.otp('ONSWG4TFOQYTEMY=')).code, /^\d{6}$/);
await client.devices.del(device.id);

assert.ok((await client.usage.limits()).email.limit > 1000);
assert.ok((await client.usage.transactions()).items.length > 0);

const [{ name }] = (await client.previews.listEmailClients()).items;
const previews = await client.messages.generatePreviews(message.id, { emailClients: [name] });
if (process.env.TEST_BROWSER === 'yes') {
  const picture = await client.files.getPreview(previews.items[0].id);
  assert.equal(picture.subarray(1, 4).toString(), 'PNG');
} else {
  await assert.rejects(
    client.files.getPreview(previews.items[0].id),
    (error) => error.httpStatusCode === 409,
  );
}

await client.messages.del(created.id);
await client.messages.deleteAll(server);
assert.deepEqual((await client.messages.list(server)).items, []);
console.log('ok');
