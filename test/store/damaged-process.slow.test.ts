/**
 * Random damage to each kind of file in a data directory, with the built program: doctor finds the damage, the server
 * starts, answers by REST, IMAP, POP3 and TLS, and loses only what docs/store.md names. Doctor repairs the directory,
 * and the next start reports nothing. The name of a test contains the seed of its damage.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { ImapFlow, type FetchQueryObject } from 'imapflow';
import { afterAll, describe, expect, it, onTestFailed } from 'vitest';
import type { Detail, Info, MessagePage, Transcript } from '../../contract/index.ts';
import { runProgram, startProgram, type Program } from '../helpers/program.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { HEADER } from '../../server/store/raw/record.ts';
import { scan } from '../../server/store/raw/scan.ts';
import { damages, randomOf } from './damage-rounds.ts';

const ROUNDS = 6;
const ALICE = 'alice@x.test';
const BOB = 'bob@x.test';
const HOST = '127.0.0.1';

/** The data that may be lost when a file of a certain kind is damaged. */
type Loss = 'nothing' | 'content' | 'state' | 'authority';

/** Each kind of file: the pattern of its path, and the loss that docs/store.md names. */
const kinds: readonly (readonly [name: string, file: RegExp, loss: Loss])[] = [
  ['db.json', /^db\.json$/, 'nothing'],
  ['messages.jsonl', /^messages\.jsonl$/, 'state'],
  ['a message', /^raw\/.*\.eml$/, 'content'],
  ['a segment', /^raw\/\d+\.segment$/, 'content'],
  ['search index', /^search\/\d+\.segment$/, 'nothing'],
  ['reserve', /^reserve$/, 'nothing'],
  ['lock', /^lock$/, 'nothing'],
  ['tls/server.crt', /^tls\/server\.crt$/, 'nothing'],
  ['tls/server.key', /^tls\/server\.key$/, 'nothing'],
  ['tls/ca.crt', /^tls\/ca\.crt$/, 'nothing'],
  ['tls/ca.key', /^tls\/ca\.key$/, 'authority'],
];

/**
 * `no permission` has no effect for root, who runs these tests in CI; `another file` is tested in rounds of its own.
 */
const usedDamages = Object.entries(damages).filter(
  ([name]) => !['no permission', 'another file'].includes(name),
);

class Server {
  readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  static async start(data: string, ...more: string[]): Promise<Server> {
    const ports = ['smtps', 'imaps', 'pop3s', 'https'].flatMap((name) => [`--${name}-port`, '0']);
    const relay = [
      '--relay',
      'manual',
      '--relay-allow',
      'relay.test',
      '--relay-route',
      `relay.test=${HOST}:1`,
    ];
    return new Server(await startProgram(['--data', data, '--tls', 'auto', ...ports, ...relay, ...more]));
  }

  async fetch(call: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://${HOST}:${this.program.port('Web UI and API')}/api/${call}`, init);
  }

  async json<T>(call: string, method = 'GET', body?: object): Promise<T> {
    const response = await this.fetch(call, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${call}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  send(subject: string, to: readonly string[]): Promise<string[]> {
    const raw = Buffer.from(`From: app@x.test\r\nSubject: ${subject}\r\n\r\nneedle<${subject}> and hay\r\n`);
    return sendRaw({ host: HOST, port: this.program.port('SMTP') }, [raw], { from: 'app@x.test', to });
  }

  async imap<T>(user: string, use: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      ...{ host: HOST, port: this.program.port('IMAP'), secure: false, doSTARTTLS: false, logger: false },
      auth: { user, pass: 'any' },
    });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.logout();
    }
  }

  async stop(): Promise<void> {
    this.program.child.kill('SIGTERM');
    expect(await this.program.exit).toBe(0);
  }
}

const hash = (bytes: Buffer | string): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Returns the contents of the messages that POP3 sends for an account; messages that POP3 cannot read are left out. */
async function popContents({ program }: Server, user: string): Promise<readonly string[]> {
  const socket = net.connect(program.port('POP3'), HOST).setEncoding('latin1');
  let received = '';
  socket.on('data', (text: string) => (received += text));
  const reply = async (isMultiLine = false): Promise<string> => {
    for (;;) {
      const isError = received.startsWith('-ERR');
      const end = received.indexOf(isMultiLine && !isError ? '\r\n.\r\n' : '\r\n');
      if (end >= 0) {
        const text = received.slice(0, end);
        received = received.slice(end + (isMultiLine && !isError ? 5 : 2));
        return text;
      }
      await once(socket, 'data');
    }
  };
  const command = async (line: string, isMultiLine = false): Promise<string> => {
    socket.write(`${line}\r\n`);
    return reply(isMultiLine);
  };
  await reply();
  await command(`USER ${user}`);
  await command('PASS any');
  const count = Number((await command('STAT')).split(' ')[1]);
  const contents: string[] = [];
  for (let n = 1; n <= count; n++) {
    const text = await command(`RETR ${n}`, true);
    if (text.startsWith('+OK')) contents.push(hash(`${text.slice(text.indexOf('\r\n') + 2)}\r\n`));
  }
  await command('QUIT');
  socket.destroy();
  return contents;
}

/**
 * Returns the messages in all mailboxes of an account, as a map from `name validity uid` to the flags and the content.
 */
const imapState = (server: Server, user: string): Promise<ReadonlyMap<string, string>> =>
  server.imap(user, async (client) => {
    const state = new Map<string, string>();
    for (const { path: name } of await client.list()) {
      const lock = await client.getMailboxLock(name);
      const validity = client.mailbox === false ? 0n : client.mailbox.uidValidity;
      const found = await client.search({ all: true }, { uid: true });
      const uids = Array.isArray(found) ? found : [];
      for (const uid of uids) {
        // The flags are fetched alone, because a FETCH of a message that cannot be read returns NO.
        const fetch = (items: FetchQueryObject) =>
          client.fetchOne(`${uid}`, items, { uid: true }).catch(() => false as const);
        const marked = await fetch({ flags: true });
        const read = await fetch({ source: true });
        const content = read === false || read.source === undefined ? 'unread' : hash(read.source);
        const flags = marked === false ? [] : [...(marked.flags ?? [])].filter((flag) => flag !== '\\Recent');
        state.set(`${name} ${validity} ${uid}`, `${content} ${flags.sort().join()}`);
      }
      lock.release();
    }
    return state;
  });

interface State {
  /** For each message, the hash of its bytes; null if the bytes cannot be read. */
  readonly contents: ReadonlyMap<string, string | null>;
  /**
   * For each message, the other data that the API shows, except `seen`, because POP3 marks the messages that it sends.
   */
  readonly details: ReadonlyMap<string, string>;
  /** The mailboxes of Alice's account, as IMAP reports them. */
  readonly mailboxes: ReadonlyMap<string, string>;
  readonly rules: readonly string[];
  readonly deliveries: readonly string[];
}

async function stateOf(server: Server): Promise<State> {
  const { messages } = await server.json<MessagePage>('messages?limit=100');
  const contents = new Map<string, string | null>();
  const details = new Map<string, string>();
  for (const { id } of messages) {
    const raw = await server.fetch(`messages/${id}/raw`);
    contents.set(id, raw.ok ? hash(Buffer.from(await raw.arrayBuffer())) : null);
    const { envelope, origin, tags, flagged } = await server.json<Detail>(`messages/${id}`);
    const transcript = await server.json<Transcript>(`messages/${id}/transcript`);
    details.set(id, JSON.stringify({ envelope, origin, tags, flagged, transcript }));
  }
  const { rules } = await server.json<{ rules: { name: string }[] }>('rules');
  const { deliveries } = await server.json<{ deliveries: { id: string; to: string }[] }>('deliveries');
  return {
    contents,
    details,
    mailboxes: await imapState(server, ALICE),
    rules: rules.map(({ name }) => name).sort(),
    deliveries: deliveries.map(({ id, to }) => `${id} ${to}`).sort(),
  };
}

const base = mkdtempSync(path.join(os.tmpdir(), 'restante-damage-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

interface Original {
  readonly directory: string;
  readonly state: State;
  readonly authority: X509Certificate;
}

/** Makes a directory with messages, mailboxes, flags, tags, a rule, a queued delivery and caches. */
async function makeOriginal(): Promise<Original> {
  const directory = path.join(base, 'original');
  const ids: string[] = [];
  const send = async (server: Server, n: number): Promise<void> => {
    ids.push(...(await server.send(`s${n}`, n % 2 === 0 ? [ALICE] : [ALICE, BOB])));
  };
  const files = await Server.start(directory, '--raw-files');
  for (let n = 0; n < 3; n++) await send(files, n);
  await files.stop();
  const server = await Server.start(directory);
  for (let n = 3; n < 8; n++) await send(server, n);
  await server.imap(BOB, async (client) => client.noop());
  await server.imap(ALICE, async (client) => {
    await client.mailboxCreate('Kept');
    const lock = await client.getMailboxLock('INBOX');
    await client.messageFlagsAdd('1', ['\\Seen', 'kept']);
    await client.messageCopy('1:2', 'Kept');
    lock.release();
  });
  await server.json('rules', 'POST', {
    name: 'kept',
    on: 'rcpt',
    when: { rcpt: 'no@*' },
    then: { reject: '550 no' },
  });
  await server.json(`messages/${ids[2]!}`, 'PATCH', { tags: ['tagged'], flagged: true });
  await server.json(`messages/${ids[3]!}/release`, 'POST', { to: ['later@relay.test'] });
  await server.json(`messages/${ids[7]!}`, 'DELETE');
  await server.json<MessagePage>('messages?query=body:an');
  await server.stop();
  const again = await Server.start(directory);
  const state = await stateOf(again);
  await again.json<MessagePage>('messages?query=body:an');
  await again.stop();
  const owner = {
    pid: 999_999_999,
    host: os.hostname(),
    start: '2026-01-01T00:00:00Z',
    born: null,
    token: 'gone',
  };
  writeFileSync(path.join(directory, 'lock'), JSON.stringify(owner));
  const authority = new X509Certificate(readFileSync(path.join(directory, 'tls', 'ca.crt')));
  return { directory, state, authority };
}

let original: Promise<Original> | undefined;

/** Returns every entry below a directory with its kind and content. */
const snapshot = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const entry = lstatSync(path.join(directory, name));
        const content = entry.isFile() ? hash(readFileSync(path.join(directory, name))) : 'none';
        return [name, `${entry.isSymbolicLink()} ${entry.isDirectory()} ${content}`];
      }),
  );

const doctor = async (
  data: string,
  ...more: string[]
): Promise<readonly [code: number | string, text: string]> => {
  const program = runProgram(['doctor', '--data', data, ...more]);
  return [await program.exit, program.stdout() + program.stderr()];
};

/** The losses that are permitted in a round, because of the damaged files. */
interface Costs {
  readonly losses: ReadonlySet<Loss>;
  /** Messages whose file is damaged. */
  readonly unread: ReadonlySet<string>;
}

/** The mailboxes without the contents of the messages whose file is damaged. */
function mailboxesOf({ mailboxes }: State, before: State, { unread }: Costs): ReadonlyMap<string, string> {
  const contents = new Set([...unread].map((id) => before.contents.get(id)));
  return new Map(
    [...mailboxes].map(([key, value]) => {
      const known = before.mailboxes.get(key)?.split(' ')[0];
      return [key, contents.has(known) ? value.replace(/^\S+/, 'damaged') : value];
    }),
  );
}

/** Returns the data of the original directory that is missing in `state` and whose loss is not permitted. */
function missingFrom(state: State, before: State, costs: Costs): object {
  const lost = <T>(from: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>): readonly string[] =>
    [...from].filter(([key, value]) => now.get(key) !== value).map(([key]) => key);
  const isUnknown = costs.losses.has('state');
  const contents = lost(before.contents, state.contents).filter((id) => !costs.unread.has(id));
  if (isUnknown) return { ...nothing, contents };
  return {
    contents,
    unlisted: [...before.contents.keys()].filter((id) => !state.contents.has(id)),
    details: lost(before.details, state.details),
    mailboxes: lost(mailboxesOf(before, before, costs), mailboxesOf(state, before, costs)),
    rules: before.rules.filter((rule) => !state.rules.includes(rule)),
    deliveries: before.deliveries.filter((each) => !state.deliveries.includes(each)),
  };
}

const nothing = { contents: [], unlisted: [], details: [], mailboxes: [], rules: [], deliveries: [] };

/** UIDs of the original that now mean another message. */
function reused(state: State, before: State, costs: Costs): readonly string[] {
  const known = mailboxesOf(before, before, costs);
  const contentOf = (value: string | undefined): string | undefined => value?.split(' ')[0];
  return [...mailboxesOf(state, before, costs)]
    .filter(([key, value]) => known.has(key) && contentOf(known.get(key)) !== contentOf(value))
    .map(([key]) => key);
}

/** Connects to the TLS port of IMAP with the authority of the directory. */
async function expectTls({ program }: Server, data: string): Promise<void> {
  const ca = readFileSync(path.join(data, 'tls', 'ca.crt'));
  const socket = tls.connect({
    host: HOST,
    port: program.port('IMAP with TLS'),
    ca,
    servername: 'localhost',
  });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.destroy();
}

/** Returns the ids of the messages in a file of the original directory whose octets are not in the damaged file. */
function damagedIn(directory: string, data: string, file: string): readonly string[] {
  if (!/^raw\/\d+\.segment$/.test(file)) return [path.basename(file, '.eml')];
  const segment = readFileSync(path.join(directory, file));
  const isFile = lstatSync(path.join(data, file), { throwIfNoEntry: false })?.isFile() === true;
  const left = isFile ? readFileSync(path.join(data, file)) : Buffer.alloc(0);
  return scan(segment, 0, segment.length).flatMap((found) => {
    if (found.kind !== 'record') return [];
    const octets = segment.subarray(found.offset, found.offset + HEADER + found.header.size);
    return left.includes(octets) ? [] : [found.header.id];
  });
}

async function round(
  files: readonly string[],
  losses: ReadonlySet<Loss>,
  data: string,
  isSilent: boolean,
): Promise<void> {
  const { state: before, authority, directory } = await (original ??= makeOriginal());
  const [was, now] = [snapshot(directory), snapshot(data)];
  const isChanged = files.some((file) => was.get(file) !== now.get(file));
  const changed = files.filter((file) => was.get(file) !== now.get(file));
  const unread = new Set(changed.flatMap((file) => damagedIn(directory, data, file)));
  const costs = { losses, unread };

  const [code, found] = await doctor(data);
  expect(snapshot(data), 'doctor changes nothing').toEqual(now);
  if (isChanged && !isSilent) expect(code, found).toBe(1);
  if (!isChanged) expect(code, found).toBe(0);

  const server = await Server.start(data);
  const state = await stateOf(server);
  expect(missingFrom(state, before, costs)).toEqual(nothing);
  expect(reused(state, before, costs)).toEqual([]);
  const intact = [...state.contents].filter(([id, content]) => content === before.contents.get(id));
  expect(await popContents(server, 'all')).toEqual(
    expect.arrayContaining(intact.map(([, content]) => content)),
  );
  await expectTls(server, data);
  await server.stop();

  const [, repaired] = await doctor(data, '--repair');
  const [again, left] = await doctor(data);
  expect(again, `${repaired}\n${left}`).toBe(0);

  const second = await Server.start(data);
  expect((await second.json<Info>('info')).store.warnings).toEqual([]);
  expect(missingFrom(await stateOf(second), before, costs)).toEqual(nothing);
  await second.send('after', [ALICE]);
  const last = await stateOf(second);
  expect(reused(last, before, costs)).toEqual([]);
  expect([...last.mailboxes.keys()].filter((key) => key.startsWith('INBOX '))).not.toEqual([]);
  expect((await second.json<MessagePage>('messages?query=body:"needle<after>"')).total).toBe(1);
  await expectTls(second, data);
  const { publicKey } = new X509Certificate(readFileSync(path.join(data, 'tls', 'ca.crt')));
  if (!losses.has('authority')) expect(publicKey.equals(authority.publicKey)).toBe(true);
  await second.stop();
}

/** Copies the original directory; the copy is deleted after use unless the round fails. */
async function withCopy(use: (data: string) => Promise<void>): Promise<void> {
  const { directory } = await (original ??= makeOriginal());
  const data = mkdtempSync(path.join(base, 'round-'));
  cpSync(directory, data, { recursive: true });
  await use(data);
  rmSync(data, { recursive: true });
}

const filesOf = (data: string, pattern: RegExp): readonly string[] =>
  readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .sort();

/**
 * Kinds of files whose damage can leave a directory like that of a killed server: without the cache, or with a foreign
 * lock.
 */
const SILENT = /^(?:search\b|reserve$|lock$)/;

/** The seeds of the rounds of the nth test. */
const seedsOf = (nth: number): readonly number[] => Array.from({ length: ROUNDS }, (_, n) => nth * 1_000 + n);

describe.each(kinds.map(([name, pattern, loss], nth) => ({ name, pattern, loss, nth })))(
  'damage to $name',
  ({ pattern, loss, nth }) => {
    it.each(seedsOf(nth))('seed %i', async (seed) => {
      const random = randomOf(seed);
      await withCopy(async (data) => {
        const files = filesOf(data, pattern);
        const file = files[Math.floor(random() * files.length)]!;
        const [damage, act] = usedDamages[Math.floor(random() * usedDamages.length)]!;
        onTestFailed(() => console.error(`${damage} of ${file}`));
        await act(path.join(data, file), random, [path.join(data, 'db.json')]);
        await round([file], new Set([loss]), data, SILENT.test(file));
      });
    });
  },
);

it.each(seedsOf(kinds.length))('two swapped files, seed %i', async (seed) => {
  const random = randomOf(seed);
  await withCopy(async (data) => {
    const chosen = [0, 1].map(() => {
      const [, pattern, loss] = kinds[Math.floor(random() * kinds.length)]!;
      const files = filesOf(data, pattern);
      return { file: files[Math.floor(random() * files.length)]!, loss };
    });
    const contents = chosen.map(({ file }) => readFileSync(path.join(data, file)));
    chosen.forEach(({ file }, index) => writeFileSync(path.join(data, file), contents[1 - index]!));
    const files = chosen.map(({ file }) => file);
    onTestFailed(() => console.error(`swapped ${files.join(' and ')}`));
    const isSilent = files.every((file) => SILENT.test(file));
    await round(files, new Set(chosen.map(({ loss }) => loss)), data, isSilent);
  });
});
