/**
 * Builds the stored data directory with a built program, and records what that program serves of it:
 *
 *     npx tsx test/data-directory/build.ts PATH/dist/server/main.js
 *
 * The program is that of the version whose directories must open in all later versions. Run it again only to add a
 * directory of another version: the directory in `test/fixtures` is what the old version wrote.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ImapTalk } from '../helpers/imap.ts';
import { draft, sentMessages, type SentMessage } from './messages.ts';
import { LOGINS, served } from './served.ts';

const FIXTURE = path.join(import.meta.dirname, '..', 'fixtures', 'data-directory');

interface Running {
  readonly url: string;
  readonly smtpPort: number;
  readonly imapPort: number;
  stop(): Promise<void>;
}

async function start(program: string, directory: string, options: readonly string[]): Promise<Running> {
  const ports = ['smtp', 'http', 'imap', 'pop3'].flatMap((name) => [`--${name}-port`, '0']);
  const child = spawn(process.execPath, [program, '--data', directory, ...ports, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  while (!/is ready[^]*Stop it/.test(out)) await once(child.stdout, 'data');
  const port = (title: string): number => Number(new RegExp(`^ +${title} +\\S*?:(\\d+)`, 'm').exec(out)?.[1]);
  return {
    url: `http://127.0.0.1:${port('Web UI and API')}/`,
    smtpPort: port('SMTP'),
    imapPort: port('IMAP'),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** A dialogue in lines: sends each line and reads one reply of SMTP. */
async function smtp(port: number, { from, to, parameters = '', user, lines }: SentMessage): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  const replies = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let received = '';
  const reply = async (): Promise<string> => {
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(received)?.[0];
      if (whole !== undefined) {
        received = received.slice(whole.length);
        if (!/^[23]/.test(whole)) throw new Error(whole);
        return whole;
      }
      received += ((await replies.next()).value as Buffer).toString();
    }
  };
  const command = async (line: string): Promise<string> => {
    socket.write(`${line}\r\n`);
    return reply();
  };
  await reply();
  await command('EHLO client.example.test');
  if (user !== undefined) {
    await command(`AUTH PLAIN ${Buffer.from(`\0${user}\0secret`).toString('base64')}`);
  }
  await command(`MAIL FROM:<${from}>${parameters}`);
  for (const recipient of to) await command(`RCPT TO:<${recipient}>`);
  await command('DATA');
  const body = lines.map((line) => (line.startsWith('.') ? `.${line}` : line)).join('\r\n');
  const accepted = await command(`${body}\r\n.`);
  await command('QUIT');
  socket.destroy();
  return /queued as (\w+)/.exec(accepted)?.[1] ?? '';
}

/** A mail server for the relay: accepts every message, except for recipients whose address begins with `refused`. */
async function startReceiver(): Promise<net.Server> {
  const server = net.createServer((socket) => {
    let isData = false;
    let received = '';
    socket.on('error', () => undefined);
    socket.write('220 receiver.test ESMTP\r\n');
    socket.on('data', (octets) => {
      received += octets.toString('latin1');
      for (;;) {
        const end = received.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end === -1) return;
        const line = received.slice(0, end);
        received = received.slice(end + (isData ? 5 : 2));
        const wasData = isData;
        isData = !wasData && /^DATA/i.test(line);
        if (isData) socket.write('354 go on\r\n');
        else if (!wasData && /^RCPT TO:<refused/i.test(line)) socket.write('550 5.1.1 no such user\r\n');
        else if (!wasData && /^QUIT/i.test(line)) socket.end('221 2.0.0 bye\r\n');
        else socket.write('250 2.0.0 ok\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function call<T>({ url }: Running, method: string, name: string, body?: unknown): Promise<T> {
  const response = await fetch(new URL(`api/${name}`, url), {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${name}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function fill(program: Running): Promise<void> {
  await call(program, 'POST', 'rules', {
    name: 'tag the newsletters',
    on: 'stored',
    when: { query: 'subject:newsletter' },
    then: { tag: 'news' },
  });
  await call(program, 'POST', 'rules', {
    name: 'flaky',
    on: 'rcpt',
    when: { rcpt: 'flaky@*' },
    times: 2,
    then: { reject: '451 4.7.1 try later' },
  });
  await call(program, 'POST', 'accounts', { address: 'minted@example.test', password: 'secret' });
  const ids: string[] = [];
  for (const message of sentMessages) ids.push(await smtp(program.smtpPort, message));
  await call(program, 'POST', 'messages', {
    from: 'app@example.test',
    to: ['alice@example.test'],
    subject: 'Composed',
    text: 'Composed by a call.',
    html: '<p>Composed by a call.</p>',
  });
  const at = (n: number): string => ids[n - 1] ?? '';
  await call(program, 'PATCH', `messages/${at(1)}`, { seen: true, tags: ['kept', 'first'] });
  await call(program, 'PATCH', `messages/${at(2)}`, { flagged: true });
  await call(program, 'DELETE', `messages/${at(19)}`);
  const release = { to: ['friend@relay.test', 'refused@relay.test'] };
  await call(program, 'POST', `messages/${at(18)}/release`, release);
  for (;;) {
    const { deliveries } = await call<{ deliveries: { state: string }[] }>(program, 'GET', 'deliveries');
    if (deliveries.every(({ state }) => ['delivered', 'failed'].includes(state))) break;
  }
  await useImap(program.imapPort);
}

async function useImap(port: number): Promise<void> {
  for (const [name, password] of LOGINS) {
    const talk = await ImapTalk.connect(port);
    await talk.ok(`LOGIN ${name} ${password}`);
    if (name === 'alice@example.test') await useMailboxes(talk);
    await talk.ok('LOGOUT');
    talk.destroy();
  }
}

async function useMailboxes(talk: ImapTalk): Promise<void> {
  for (const command of [
    'CREATE Work/2026',
    'CREATE "R&APw-cken"',
    'CREATE Gone',
    'SUBSCRIBE Work/2026',
    'SUBSCRIBE "Not there"',
    'UNSUBSCRIBE INBOX',
    'SELECT INBOX',
    'STORE 1:3 +FLAGS (\\Seen $Work)',
    'STORE 2 +FLAGS (\\Answered \\Flagged)',
    'STORE 4 FLAGS (\\Draft Custom)',
    'COPY 1:2 Work/2026',
    'MOVE 5 Archive',
    'COPY 3 Gone',
    'STORE 6 +FLAGS (\\Deleted)',
    'EXPUNGE',
    'STORE 7 +FLAGS (\\Deleted)',
    'RENAME Work/2026 Work/Done',
    'DELETE Gone',
  ]) {
    await talk.ok(command);
  }
  const octets = Buffer.from(`${draft.join('\r\n')}\r\n`);
  talk.write(`append APPEND Drafts (\\Draft \\Seen) "01-Nov-2026 10:00:00 +0100" {${octets.length}+}\r\n`);
  talk.write(Buffer.concat([octets, Buffer.from('\r\n')]));
  await talk.until('append');
}

async function build(program: string): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'restante-build-'));
  const data = path.join(directory, 'data');
  const receiver = await startReceiver();
  const { port } = receiver.address() as net.AddressInfo;
  const relay = ['--relay', 'manual', '--relay-allow', '*@relay.test', '--relay-private'];
  const first = await start(program, data, [...relay, '--relay-smarthost', `smtp://127.0.0.1:${port}`]);
  await fill(first);
  await first.stop();
  receiver.close();
  await rm(FIXTURE, { recursive: true, force: true });
  await mkdir(FIXTURE, { recursive: true });
  // The file `reserve` is not copied, because it contains no data and each start creates it.
  const filter = (name: string): boolean => path.basename(name) !== 'reserve';
  await cp(data, path.join(FIXTURE, 'data'), { recursive: true, filter });
  const second = await start(program, data, []);
  const recorded = await served(second);
  await second.stop();
  await writeFile(path.join(FIXTURE, 'served.json'), `${JSON.stringify(recorded, null, 1)}\n`);
  await rm(directory, { recursive: true });
}

const [program] = process.argv.slice(2);
if (program === undefined) {
  process.stderr.write('Give the path of a built program, such as dist/server/main.js\n');
  process.exitCode = 2;
} else {
  await build(program);
}
