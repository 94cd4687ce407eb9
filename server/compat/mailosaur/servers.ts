/**
 * The calls for servers. A server of Mailosaur is a group of addresses: all addresses whose domain begins with the id
 * of the server, such as `anything@abcd1234.mailosaur.net`. Every id can be used at once; only the names of created
 * servers are stored.
 */
import type { Query } from '../../store/find/language/ast.ts';
import type { RecordSet } from '../../store/store.ts';
import { jsonAnswer } from '../answer.ts';
import { parseMembers, readBody, textIn } from '../body.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { DONE, FieldError, notFound } from './errors.ts';

interface ServerRecord {
  readonly name: string;
}

/** The server that is listed while no server has been created: tests use the first server of the list. */
const DEFAULT_ID = 'restante';
const DEFAULT_NAME = 'Restante';

const ID = /^[a-z0-9]{8}$/;
const ID_LENGTH = 8;

const recordsOf = ({ store }: CompatDeps): RecordSet<ServerRecord> =>
  store.records.collection<ServerRecord>('mailosaur-servers');

/** Returns the query for the messages that addresses of a server received. */
export const receivedBy = (server: string): Query => ({
  kind: 'address',
  field: 'rcpt',
  value: `*@${server}.*`,
});

/** Returns the query for the messages that addresses of a server sent. */
export const sentBy = (server: string): Query => ({ kind: 'address', field: 'from', value: `*@${server}.*` });

/** Returns the query for the messages that addresses of a server received or sent. */
const allOf = (server: string): Query => ({ kind: 'or', terms: [receivedBy(server), sentBy(server)] });

/** Returns the id of the server of an address; `null` if the domain of the address does not begin with an id. */
export const serverOf = (address: string): string | null =>
  /@([a-z0-9]{8})\./i.exec(address)?.[1]?.toLowerCase() ?? null;

/** Returns the id of the server in the query string. */
export function serverIn({ query }: Call): string {
  const id = (query.get('server') ?? '').toLowerCase();
  if (ID.test(id)) return id;
  throw new FieldError('server', 'The id of a server has 8 characters: letters and digits');
}

/** Returns the id of the server in the path; throws if it cannot be the id of a server. */
function serverInPath({ params }: Call): string {
  const id = (params['server'] ?? '').toLowerCase();
  if (!ID.test(id)) throw notFound();
  return id;
}

async function nameIn({ request }: Call): Promise<string> {
  const name = textIn(parseMembers(await readBody(request)), 'name').trim();
  if (name === '') throw new FieldError('name', 'Please provide a name for your server');
  return name;
}

async function present(deps: CompatDeps, { account }: Call, id: string, name: string) {
  const page = await deps.store.messages.list({ account, query: receivedBy(id), limit: 1 });
  return { id, name, users: [], messages: page.total };
}

export const listServers: Handler = async (deps, call) => {
  const stored = await recordsOf(deps).list();
  const servers =
    stored.length === 0
      ? [{ id: DEFAULT_ID, name: DEFAULT_NAME }]
      : stored.map(({ key, value }) => ({ id: key, name: value.name }));
  const sorted = servers.toSorted((a, b) => a.name.localeCompare(b.name));
  return jsonAnswer({
    items: await Promise.all(sorted.map(({ id, name }) => present(deps, call, id, name))),
  });
};

function newId({ random }: CompatDeps): string {
  const letters = Array.from({ length: ID_LENGTH }, () => Math.floor(random() * 36).toString(36));
  return letters.join('');
}

export const createServer: Handler = async (deps, call) => {
  const name = await nameIn(call);
  const id = newId(deps);
  await recordsOf(deps).put(id, { name });
  return jsonAnswer(await present(deps, call, id, name));
};

export const getServer: Handler = async (deps, call) => {
  const id = serverInPath(call);
  const stored = await recordsOf(deps).get(id);
  return jsonAnswer(await present(deps, call, id, stored?.name ?? (id === DEFAULT_ID ? DEFAULT_NAME : id)));
};

export const updateServer: Handler = async (deps, call) => {
  const id = serverInPath(call);
  const name = await nameIn(call);
  await recordsOf(deps).put(id, { name });
  return jsonAnswer(await present(deps, call, id, name));
};

/**
 * Returns a password for SMTP, IMAP and POP3: the password of the account of the server or, without such an account,
 * the id of the server, because any password is accepted.
 */
export const getPassword: Handler = async ({ store }, call) => {
  const id = serverInPath(call);
  const { accounts } = await store.accounts.list({ name: `${id}@`, limit: 10 });
  const own = accounts.find(({ name }) => name.startsWith(`${id}@`));
  const credentials = own === undefined ? undefined : await store.accounts.credentials(own.name);
  return jsonAnswer({ value: credentials?.password ?? id });
};

export const deleteServer: Handler = async (deps, call) => {
  const id = serverInPath(call);
  await deps.store.messages.removeMatching({ account: call.account, query: allOf(id) });
  await recordsOf(deps).delete(id);
  return DONE;
};
