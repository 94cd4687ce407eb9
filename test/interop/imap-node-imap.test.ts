/** Tests node-imap, the client that most older Node applications use to read mail. */
import { once } from 'node:events';
import Connection from 'node-imap';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';

let fixture: ImapFixture;
let client: Connection;

/** Converts a callback of the library to a promise. */
const call = <T>(run: (done: (error: Error | null, result?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result as T))));

interface Fetched {
  readonly attributes: Connection.ImapMessageAttributes;
  readonly bodies: Record<string, string>;
}

const fetchAll = (source: Connection, range: string, options: Connection.FetchOptions): Promise<Fetched[]> =>
  new Promise((resolve, reject) => {
    const fetched: Promise<Fetched>[] = [];
    const fetching = source.seq.fetch(range, options);
    fetching.on('message', (message) => {
      const bodies: Record<string, string> = {};
      let attributes: Connection.ImapMessageAttributes;
      message.on('body', (stream, info) => {
        bodies[info.which] = '';
        stream.on('data', (chunk: Buffer) => {
          bodies[info.which] = (bodies[info.which] ?? '') + chunk.toString();
        });
      });
      message.once('attributes', (given) => (attributes = given));
      fetched.push(new Promise((done) => message.once('end', () => done({ attributes, bodies }))));
    });
    fetching.once('error', reject);
    fetching.once('end', () => resolve(Promise.all(fetched)));
  });

beforeEach(async () => {
  fixture = await startImap();
  const message = (subject: string): string =>
    `From: Ann <ann@x.test>\nSubject: ${subject}\n\nbody of ${subject}\n`;
  for (const subject of ['one', 'two', 'three']) await fixture.deliver(message(subject));
  client = new Connection({ user: 'a@x.test', password: 'any', host: '127.0.0.1', port: fixture.port });
  client.connect();
  await once(client, 'ready');
});
afterEach(async () => {
  client.end();
  await fixture.close();
});

describe('node-imap', () => {
  it('opens, fetches and reads bodies', async () => {
    const box = await call<Connection.Box>((done) => client.openBox('INBOX', false, done));
    expect(box.messages).toMatchObject({ total: 3, new: 3 });
    expect(box.permFlags).toContain('\\Seen');
    const found = await fetchAll(client, '1:3', {
      bodies: ['HEADER.FIELDS (FROM SUBJECT)', 'TEXT', ''],
      struct: true,
      envelope: true,
      size: true,
    });
    expect(found.map(({ bodies }) => bodies['TEXT'])).toEqual([
      'body of one\r\n',
      'body of two\r\n',
      'body of three\r\n',
    ]);
    expect(found[0]?.attributes).toMatchObject({ uid: 1, size: found[0]?.bodies['']?.length });
    expect(found[0]?.attributes.struct?.[0]).toMatchObject({ type: 'text', subtype: 'plain' });
    expect(Connection.parseHeader(found[1]?.bodies['HEADER.FIELDS (FROM SUBJECT)'] ?? '')).toEqual({
      from: ['Ann <ann@x.test>'],
      subject: ['two'],
    });
  });

  it('searches, flags, copies, moves and expunges', async () => {
    await call((done) => client.openBox('INBOX', false, done));
    expect(await call((done) => client.search(['UNSEEN', ['SUBJECT', 'two']], done))).toEqual([2]);
    expect(
      await call((done) => client.search([['OR', ['SUBJECT', 'one'], ['BODY', 'three']]], done)),
    ).toEqual([1, 3]);
    await call((done) => client.addFlags(1, ['\\Seen'], done));
    await call((done) => client.addKeywords(1, ['kept'], done));
    await call((done) => client.copy(1, 'Archive', done));
    await call((done) => client.move(2, 'Trash', done));
    await call((done) => client.addFlags(3, ['\\Deleted'], done));
    const gone = once(client, 'expunge');
    await call((done) => client.expunge([3], done));
    expect((await gone)[0]).toBe(2);
    expect(await call((done) => client.search(['ALL'], done))).toEqual([1]);
    const status = await call<Connection.Box>((done) => client.status('Trash', done));
    expect(status.messages).toMatchObject({ total: 1 });
  });

  it('lists mailboxes, creates and removes them, appends', async () => {
    const boxes = await call<Connection.MailBoxes>((done) => client.getBoxes(done));
    expect(boxes['Sent']).toMatchObject({ special_use_attrib: '\\Sent', delimiter: '/' });
    await call((done) => client.addBox('Neu/Über', done));
    await call((done) => client.renameBox('Neu/Über', 'Neu/Unter', done));
    const options = { mailbox: 'Neu/Unter', flags: ['Seen'] };
    await call((done) => client.append('Subject: kept\r\n\r\nx\r\n', options, done));
    const box = await call<Connection.Box>((done) => client.openBox('Neu/Unter', true, done));
    expect(box.messages.total).toBe(1);
    await call((done) => client.closeBox(done));
    await call((done) => client.delBox('Neu/Unter', done));
  });

  it('is notified of mail while it idles', async () => {
    await call((done) => client.openBox('INBOX', false, done));
    const arrived = once(client, 'mail');
    await fixture.deliver('Subject: new\n\nx\n');
    expect((await arrived)[0]).toBe(1);
  });
});
