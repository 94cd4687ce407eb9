/** Collects everything that a sandbox serves of its mail over REST and IMAP, as text that can be compared. */
import { ImapTalk } from '../helpers/imap.ts';

/** A running sandbox: the root URL of its web server with a slash at its end, and the port of IMAP. */
export interface ServedBy {
  readonly url: string;
  readonly imapPort: number;
}

/** Names and passwords of the accounts that the build has opened, and that are read over IMAP. */
export const LOGINS: readonly (readonly [name: string, password: string])[] = [
  ['alice@example.test', 'any'],
  ['bob@example.test', 'any'],
  ['minted@example.test', 'secret'],
  ['all', 'any'],
];

interface Page {
  readonly messages: readonly { readonly id: string }[];
}

/** Queries whose results are compared. */
const QUERIES = [
  'subject:welcome OR body:welcome',
  'from:shop is:unread',
  'has:attachment',
  'tag:kept',
  'bcc:carol',
  '"two lines"',
  'filename:résumé',
  'user:bob',
  'text:世界',
  'is:flagged',
];

/** The token in the addresses of a preview's images, which is new in each process. */
const TOKEN = /(?<=[?&])frame=[\w-]+/g;

/** Fields of `/api/info` that the data directory determines. */
const INFO = ['messages', 'accounts', 'bytes', 'warnings', 'seq'];

/** Returns the responses of REST by path, and those of IMAP by account and command. */
export async function served(by: ServedBy): Promise<Record<string, unknown>> {
  return { rest: await servedByRest(by.url), imap: await servedByImap(by) };
}

async function servedByRest(url: string): Promise<Record<string, unknown>> {
  const responses: Record<string, unknown> = {};
  const read = async <T>(path: string): Promise<T> => {
    const response = await fetch(new URL(`api/${path}`, url));
    const octets = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    // The text of a problem document is left out, because it is not a part of the data.
    if (!response.ok) {
      responses[path] = { status: response.status };
      return undefined as T;
    }
    const body = type.includes('json')
      ? (JSON.parse(octets.toString()) as unknown)
      : /utf-8/i.test(type)
        ? octets.toString().replaceAll(TOKEN, 'frame=').split('\n')
        : octets.toString('latin1').split('\n');
    responses[path] = { type, body };
    return body as T;
  };
  const info = await read<Record<string, unknown>>('info');
  responses['info'] = Object.fromEntries(
    Object.entries({ ...info, ...(info['store'] as object | undefined) }).filter(([key]) =>
      INFO.includes(key),
    ),
  );
  const { accounts } = await read<{ readonly accounts: readonly { readonly address: string }[] }>(
    'accounts?limit=100',
  );
  for (const { address } of accounts) await read(`messages?limit=100&account=${encodeURIComponent(address)}`);
  for (const query of QUERIES) {
    const path = `messages?limit=100&query=${encodeURIComponent(query)}`;
    const { messages: found } = await read<Page>(path);
    responses[path] = found.map(({ id }) => id);
  }
  await read('tags');
  await read('rules');
  const { deliveries } = await read<{ readonly deliveries: readonly { readonly id: string }[] }>(
    'deliveries',
  );
  for (const { id } of deliveries) await read(`deliveries/${id}`);
  const { messages } = await read<Page>('messages?limit=100');
  for (const { id } of messages) {
    const { attachments } = await read<{ readonly attachments: readonly { readonly part: string }[] }>(
      `messages/${id}`,
    );
    for (const kind of ['raw', 'text', 'html', 'transcript']) await read(`messages/${id}/${kind}`);
    for (const { part } of attachments) await read(`messages/${id}/parts/${part}`);
  }
  return responses;
}

const ITEMS =
  'UID FLAGS MODSEQ INTERNALDATE SAVEDATE RFC822.SIZE EMAILID ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (SUBJECT)]';
const STATUS = 'MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ SIZE DELETED RECENT MAILBOXID';

/** Returns a response without the text for people, which follows a response code. */
const withoutText = (line: string): string => line.replace(/^(\* OK \[[^\]]*\]).*/s, '$1');

async function servedByImap({ imapPort }: ServedBy): Promise<Record<string, unknown>> {
  const responses: Record<string, unknown> = {};
  for (const [name, password] of LOGINS) {
    const talk = await ImapTalk.connect(imapPort);
    const read = async (command: string): Promise<string[]> => (await talk.ok(command)).map(withoutText);
    await talk.ok(`LOGIN "${name}" "${password}"`);
    await talk.ok('ENABLE QRESYNC');
    const list = await read(`LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE STATUS (${STATUS}))`);
    responses[name] = { list, subscribed: await read('LSUB "" "*"') };
    for (const line of list) {
      const [, mailbox] = /^\* LIST \([^)]*\) "\/" (.+)$/.exec(line) ?? [];
      if (mailbox === undefined) continue;
      const examine = await read(`EXAMINE ${mailbox}`);
      const messages = await read(`UID FETCH 1:* (${ITEMS})`);
      const [, validity] = /\[UIDVALIDITY (\d+)\]/.exec(examine.join('\n')) ?? [];
      const since = await read(`EXAMINE ${mailbox} (QRESYNC (${validity} 1))`);
      const expunged = since.filter((other) => other.startsWith('* VANISHED'));
      responses[`${name} ${mailbox}`] = { examine, messages, expunged };
    }
    await talk.ok('LOGOUT');
    talk.destroy();
  }
  return responses;
}
