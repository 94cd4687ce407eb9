/**
 * The calls for inboxes. An inbox that a call created has the messages of the SMTP sessions with its user name, and the
 * messages to its address. An inbox with any other number has all messages, so that a test keeps the number of its inbox.
 */
import type { Query } from '../../store/find/language/ast.ts';
import { CallError, jsonAnswer, type Answer } from '../answer.ts';
import { membersOf, parseMembers, readBody, textIn, type Members } from '../body.ts';
import { refuseParameters, type Call, type CompatDeps, type Handler } from '../call.ts';
import { AttributeError, notFound } from './errors.ts';
import {
  DEFAULT_ID,
  DEFAULT_NAME,
  inboxesOf,
  newName,
  newNumber,
  numberIn,
  projectsOf,
  type InboxRecord,
} from './records.ts';

const DOMAIN = 'inbox.mailtrap.io';

const MIN_NAME = 2;
const MAX_NAME = 100;

/** The inbox of all messages. */
const ALL_MAIL: InboxRecord = {
  name: DEFAULT_NAME,
  project: DEFAULT_ID,
  username: 'restante',
  password: 'restante',
  emailUsername: 'restante',
  emailUsernameEnabled: false,
  isDeleted: false,
};

export interface Inbox {
  readonly id: number;
  readonly record: InboxRecord;
  /** The query for the messages of the inbox; `undefined` for the inbox of all messages. */
  readonly query: Query | undefined;
}

function inboxOf(id: number, record: InboxRecord): Inbox {
  const terms: Query[] = [{ kind: 'address', field: 'user', value: record.username }];
  if (record.emailUsernameEnabled)
    terms.push({ kind: 'address', field: 'rcpt', value: `${record.emailUsername}@${DOMAIN}` });
  return { id, record, query: { kind: 'or', terms } };
}

/** Returns the inbox that the path names. */
export async function findInbox(deps: CompatDeps, { params }: Call): Promise<Inbox> {
  const id = numberIn(params, 'inbox');
  const record = await inboxesOf(deps).get(String(id));
  if (record?.isDeleted === true) throw notFound();
  return record === undefined ? { id, record: ALL_MAIL, query: undefined } : inboxOf(id, record);
}

/** Returns the created inboxes of a project, or of all projects. */
async function createdInboxes(deps: CompatDeps, project?: number): Promise<readonly Inbox[]> {
  const stored = await inboxesOf(deps).list();
  return stored.flatMap(({ key, value }) =>
    value.isDeleted || (project !== undefined && value.project !== project)
      ? []
      : [inboxOf(Number(key), value)],
  );
}

export const scopeOf = ({ account }: Call, { query }: Inbox) => ({
  account,
  ...(query === undefined ? {} : { query }),
});

export const PERMISSIONS = { can_read: true, can_update: true, can_destroy: true, can_leave: true } as const;

async function present(deps: CompatDeps, call: Call, inbox: Inbox) {
  const { id, record } = inbox;
  const { messages, total, unread } = await deps.store.messages.list({ ...scopeOf(call, inbox), limit: 1 });
  const host = (call.request.headers.host ?? '').replace(/:\d+$/, '');
  const port = deps.smtpPort();
  const last = messages[0]?.summary.receivedAt;
  return {
    id,
    name: record.name,
    username: record.username,
    password: record.password,
    max_size: 0,
    status: 'active',
    email_username: record.emailUsername,
    email_username_enabled: record.emailUsernameEnabled,
    sent_messages_count: total,
    forwarded_messages_count: 0,
    used: total > 0,
    forward_from_email_address: `${record.emailUsername}@${DOMAIN}`,
    project_id: record.project,
    domain: host,
    pop3_domain: host,
    email_domain: DOMAIN,
    smtp_ports: port === null ? [] : [port],
    pop3_ports: [],
    emails_count: total,
    emails_unread_count: unread,
    last_message_sent_at: last === undefined ? null : new Date(last).toISOString(),
    max_message_size: deps.maxMessageSize,
    permissions: PERMISSIONS,
  };
}

/** Returns the inboxes of a project for its presentation; the default project has the inbox of all messages. */
export async function presentInboxes(deps: CompatDeps, call: Call, project?: number) {
  const created = await createdInboxes(deps, project);
  const isListed = created.length === 0 && (project === undefined || project === DEFAULT_ID);
  const inboxes = isListed ? [{ id: DEFAULT_ID, record: ALL_MAIL, query: undefined }] : created;
  return Promise.all(inboxes.map((inbox) => present(deps, call, inbox)));
}

export const listInboxes: Handler = async (deps, call) => jsonAnswer(await presentInboxes(deps, call));

export const getInbox: Handler = async (deps, call) =>
  jsonAnswer(await present(deps, call, await findInbox(deps, call)));

/** Reads a body of the form `{ "inbox": { … } }`, and returns the members of the inner object. */
export async function attributesIn({ request }: Call, name: string): Promise<Members> {
  const members = parseMembers(await readBody(request));
  return membersOf(members[name], `The member ${name} of the body`);
}

/** Returns the attribute `name`; throws if it is too short or too long. */
export function nameIn(attributes: Members): string {
  const name = textIn(attributes, 'name').trim();
  if (name.length < MIN_NAME)
    throw new AttributeError('name', `is too short (minimum is ${MIN_NAME} characters)`);
  if (name.length > MAX_NAME)
    throw new AttributeError('name', `is too long (maximum is ${MAX_NAME} characters)`);
  return name;
}

export const createInbox: Handler = async (deps, call) => {
  const project = numberIn(call.params, 'project');
  if (project !== DEFAULT_ID && (await projectsOf(deps).get(String(project))) === undefined) throw notFound();
  const record: InboxRecord = {
    name: nameIn(await attributesIn(call, 'inbox')),
    project,
    username: newName(deps),
    password: newName(deps),
    emailUsername: newName(deps),
    emailUsernameEnabled: true,
    isDeleted: false,
  };
  const id = newNumber(deps);
  await inboxesOf(deps).put(String(id), record);
  return jsonAnswer(await present(deps, call, inboxOf(id, record)));
};

/** Changes a created inbox. Throws for the inbox of all messages, which has no record. */
async function change(
  deps: CompatDeps,
  call: Call,
  changes: (record: InboxRecord) => Partial<InboxRecord>,
): Promise<Answer> {
  const { id, query } = await findInbox(deps, call);
  if (query === undefined) throw forbidden();
  const record = await inboxesOf(deps).update(String(id), (stored) =>
    stored === undefined ? stored : { ...stored, ...changes(stored) },
  );
  if (record === undefined) throw notFound();
  return jsonAnswer(await present(deps, call, inboxOf(id, record)));
}

const forbidden = (): CallError =>
  new CallError(
    'This inbox contains all mail. Only inboxes that a call created can be changed or deleted',
    403,
  );

export const updateInbox: Handler = async (deps, call) => {
  const attributes = await attributesIn(call, 'inbox');
  const name = attributes['name'] === undefined ? undefined : nameIn(attributes);
  const emailUsername = textIn(attributes, 'email_username').trim();
  if (!/^[\w.-]{0,64}$/.test(emailUsername)) throw new AttributeError('email_username', 'is invalid');
  return change(deps, call, () => ({
    ...(name === undefined ? {} : { name }),
    ...(emailUsername === '' ? {} : { emailUsername }),
  }));
};

export const resetCredentials: Handler = (deps, call) =>
  change(deps, call, () => ({ username: newName(deps), password: newName(deps) }));

export const resetEmailUsername: Handler = (deps, call) =>
  change(deps, call, () => ({ emailUsername: newName(deps) }));

export const toggleEmailUsername: Handler = (deps, call) =>
  change(deps, call, ({ emailUsernameEnabled }) => ({ emailUsernameEnabled: !emailUsernameEnabled }));

export const markAllRead: Handler = async (deps, call) => {
  const inbox = await findInbox(deps, call);
  await deps.store.messages.markMatching(scopeOf(call, inbox), { seen: true });
  return jsonAnswer(await present(deps, call, inbox));
};

/** Deletes all messages of an inbox. A parameter or a body that would be ignored is refused. */
export const cleanInbox: Handler = async (deps, call) => {
  refuseParameters(call);
  const body = (await readBody(call.request)).toString('utf8').trim();
  if (!/^(?:\{\s*\})?$/.test(body))
    throw new CallError('This call deletes all messages of the inbox and reads no body. Nothing was deleted');
  const inbox = await findInbox(deps, call);
  await deps.store.messages.removeMatching(scopeOf(call, inbox));
  return jsonAnswer(await present(deps, call, inbox));
};

/** Deletes a created inbox with its messages; its number is not used again. */
async function removeInbox(deps: CompatDeps, call: Call, inbox: Inbox): Promise<void> {
  await deps.store.messages.removeMatching(scopeOf(call, inbox));
  await inboxesOf(deps).put(String(inbox.id), { ...inbox.record, isDeleted: true });
}

export async function removeInboxes(deps: CompatDeps, call: Call, project: number): Promise<void> {
  for (const inbox of await createdInboxes(deps, project)) await removeInbox(deps, call, inbox);
}

export const deleteInbox: Handler = async (deps, call) => {
  const inbox = await findInbox(deps, call);
  if (inbox.query === undefined) throw forbidden();
  const presented = await present(deps, call, inbox);
  await removeInbox(deps, call, inbox);
  return jsonAnswer(presented);
};
