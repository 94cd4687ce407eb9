/**
 * Uses the npm package mailtrap. The package has fixed hosts in its settings; this program changes these hosts before
 * it loads the client. Arguments: the folder with the package, the base URL of the API, and the host and port for SMTP.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import nodemailer from 'nodemailer';

const [, , folder, url, host, port] = process.argv;
const load = createRequire(path.join(folder, 'mailtrap/dist/'));
load('./config/index.js').default.CLIENT_SETTINGS.GENERAL_ENDPOINT = url;
const { MailtrapClient } = load('./index.js');

const client = new MailtrapClient({ token: 'any', accountId: 1, testInboxId: 1 });
const { projects, inboxes, messages, attachments } = client.testing;
assert.equal((await client.general.accounts.getAllAccounts())[0].name, 'Restante');
const project = await projects.create('Client');
assert.equal((await projects.update(project.id, 'Renamed')).name, 'Renamed');
const inbox = await inboxes.create(project.id, 'Inbox');
assert.equal((await inboxes.getInboxAttributes(inbox.id)).project_id, project.id);
assert.ok((await inboxes.getList()).some(({ id }) => id === inbox.id));

const auth = { user: inbox.username, pass: inbox.password };
const transport = nodemailer.createTransport({ host, port: Number(port), auth });
const attachment = { filename: 'a.txt', content: 'hello' };
const mail = { from: 'ann@x.test', to: 'bob@x.test', text: 'Text', html: '<p>Hi</p>' };
await transport.sendMail({ ...mail, subject: 'First', attachments: [attachment] });
await transport.sendMail({ ...mail, subject: 'Second' });
transport.close();

const [second, first] = await messages.get(inbox.id);
assert.deepEqual([first.subject, second.subject], ['First', 'Second']);
assert.equal((await messages.get(inbox.id, { search: 'first' })).length, 1);
assert.equal((await messages.get(inbox.id, { last_id: second.id })).length, 1);
assert.equal((await messages.showEmailMessage(inbox.id, first.id)).to_email, 'bob@x.test');
assert.equal((await messages.updateMessage(inbox.id, first.id, { isRead: true })).is_read, true);
assert.match(await messages.getTextMessage(inbox.id, first.id), /^Text/);
assert.match(await messages.getHtmlMessage(inbox.id, first.id), /<p>Hi<\/p>/);
assert.match(await messages.getMessageHtmlSource(inbox.id, first.id), /<p>Hi<\/p>/);
assert.match(await messages.getRawMessage(inbox.id, first.id), /^Subject: First/m);
assert.match(await messages.getMessageAsEml(inbox.id, first.id), /^Subject: First/m);
assert.equal((await messages.getMailHeaders(inbox.id, first.id)).headers.subject, 'First');
assert.equal((await messages.getSpamScore(inbox.id, first.id)).report.ResponseCode, 0);
assert.equal((await messages.getHtmlAnalysis(inbox.id, first.id)).report.status, 'success');
await assert.rejects(messages.forward(inbox.id, first.id, 'dan@x.test'), /relay/i);

const [file] = await attachments.getList(inbox.id, first.id);
assert.equal((await attachments.get(inbox.id, first.id, file.id)).filename, 'a.txt');

await messages.deleteMessage(inbox.id, first.id);
assert.equal((await inboxes.markAsRead(inbox.id)).emails_unread_count, 0);
assert.equal((await inboxes.cleanInbox(inbox.id)).emails_count, 0);
assert.notEqual((await inboxes.resetCredentials(inbox.id)).username, inbox.username);
assert.notEqual((await inboxes.resetEmailAddress(inbox.id)).email_username, inbox.email_username);
assert.equal((await inboxes.enableEmailAddress(inbox.id)).email_username_enabled, false);
assert.equal((await inboxes.updateInbox(inbox.id, { name: 'Named', emailUsername: 'mine' })).name, 'Named');
await assert.rejects(projects.create('x'), /too short/);
await inboxes.delete(inbox.id);
await assert.rejects(inboxes.getInboxAttributes(inbox.id), /Not Found/);
assert.deepEqual(await projects.delete(project.id), { id: project.id });
console.log('ok');
