/** A call of Mailpit's API: its account, its parameters and its body, and the services that calls use. */
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Capture } from '../../capture/capture.ts';
import type { Checks } from '../../checks/index.ts';
import type { InFlight } from '../../net/in-flight/index.ts';
import type { Relay } from '../../relay/relay.ts';
import type { MessageReading } from '../../service/reading/index.ts';
import { ALL, accountName, type AccountName } from '../../store/ids.ts';
import type { Query } from '../../store/find/language/ast.ts';
import type { ListedMessage, Store } from '../../store/store.ts';
import type { MessageId } from '../../store/ids.ts';
import { MailpitError, noMessage, notFound, type Answer } from './answer.ts';
import { parseSearch } from './search.ts';

/** The services and settings that the calls use. */
export interface MailpitDeps {
  readonly store: Store;
  readonly capture: Pick<Capture, 'submit' | 'rules' | 'counts'>;
  readonly relay: Relay;
  readonly checks: Checks;
  readonly reading: MessageReading;
  readonly inFlight: InFlight;
  readonly logger: Logger;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The base path of all URLs of the server, with a slash at both ends. */
  readonly basePath: string;
  /** The maximum size of a message in octets. */
  readonly maxMessageSize: number;
  /** Returns whether every listener is bound, which means that the server is ready. */
  readonly ready: () => boolean;
  /** The spam filters that the server is configured to use. */
  readonly filters: { readonly spamassassin: boolean; readonly rspamd: boolean };
  /** The time when the server was started, in milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface Call {
  readonly account: AccountName;
  readonly query: URLSearchParams;
  /** The decoded variable segments of the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
  /** The path below which the caller finds the API, with a slash at its end. */
  readonly root: string;
}

export type Handler = (deps: MailpitDeps, call: Call) => Promise<Answer>;

/** The header field that limits a call to one account. */
const ACCOUNT_FIELD = 'x-restante-account';

/**
 * Returns the account of a call: from the path, the header field `X-Restante-Account` or the query parameter
 * `account`; else the account `all`.
 */
export function accountOf(request: FastifyRequest, query: URLSearchParams, inPath?: string): AccountName {
  const field = request.headers[ACCOUNT_FIELD];
  const named = inPath ?? (typeof field === 'string' ? field : query.get('account'));
  return named === null || named.trim() === '' ? ALL : accountName(named.trim());
}

/** The maximum size of the JSON body of most calls in octets, as in Mailpit. */
const MAX_BODY = 5 * 1024 * 1024;

/** Reads the body of a request. Throws if the body is larger than `limit` octets. */
export async function readBody(request: FastifyRequest, limit = MAX_BODY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) throw new MailpitError('http: request body too large');
  }
  return Buffer.concat(chunks);
}

/** An object of a JSON body, with the names of its members in lower case: Mailpit ignores their case. */
export type Members = Readonly<Record<string, unknown>>;

/** Returns the members of a JSON object, with their names in lower case; throws for any other value. */
export function membersOf(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MailpitError(`${what} must be a JSON object`);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

/** Parses a JSON body. Throws if the body is not valid JSON or not an object. */
export function parseMembers(body: Buffer): Members {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new MailpitError(`The body is not valid JSON: ${(error as Error).message}`);
  }
  return membersOf(value, 'The body');
}

/** Throws if an object has a member that the call does not know. */
export function refuseOthers(members: Members, known: readonly string[]): void {
  const names = known.map((name) => name.toLowerCase());
  const unknown = Object.keys(members).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new MailpitError(`Unknown member ${unknown.join(', ')} in the body; known: ${known.join(', ')}`);
}

/** Returns a member that is a list of texts; an empty list if the member is absent or null. */
export function textsIn(members: Members, name: string): readonly string[] {
  const value = members[name.toLowerCase()] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new MailpitError(`${name} must be an array of strings`);
  return value;
}

/** Returns a member that is a text; an empty text if the member is absent or null. */
export function textIn(members: Members, name: string): string {
  const value = members[name.toLowerCase()] ?? '';
  if (typeof value !== 'string') throw new MailpitError(`${name} must be a string`);
  return value;
}

/**
 * Parses the search of a call. If `strict`, throws for a search with parts that have no effect: without them, the
 * call would change more messages than the caller intended.
 */
export function searchOf({ logger }: MailpitDeps, call: Call, search: string, strict = false): Query {
  const zone = call.query.get('tz') ?? undefined;
  const { query, ignored } = parseSearch(search, { zone });
  if (ignored.length === 0) return query;
  const reasons = ignored.join('; ');
  if (strict)
    throw new MailpitError(
      `The search cannot be used to change messages: ${reasons}. Nothing was changed; correct the search`,
    );
  logger.warn({ search }, `mailpit: a part of a search is ignored: ${reasons}`);
  return query;
}

/** Returns the search in the query string. Throws if it is blank. */
export function requiredSearch(call: Call): string {
  const search = (call.query.get('query') ?? '').trim();
  if (search === '') throw new MailpitError('Error: no search query');
  return search;
}

/** Returns the message that the path names by its id, or by `latest` and a search. */
export async function findMessage(deps: MailpitDeps, call: Call): Promise<ListedMessage> {
  const { store } = deps;
  const { account, params } = call;
  const id = params['id'] ?? '';
  if (id !== 'latest') {
    const listed = await store.messages.listed(id as MessageId, account);
    if (listed === undefined) throw notFound();
    return listed;
  }
  const search = (call.query.get('query') ?? '').trim();
  const scope = search === '' ? {} : { query: searchOf(deps, call, search) };
  const { messages } = await store.messages.list({ account, ...scope, limit: 1 });
  if (messages[0] === undefined) throw noMessage();
  return messages[0];
}
