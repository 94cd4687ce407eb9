/**
 * The table of Mailpit's calls, and the function that finds and runs the call of a request. This module is loaded at
 * the first request, so that it does not prolong the start of the server.
 */
import type { FastifyRequest } from 'fastify';
import { RelayRefusal } from '../../relay/relay.ts';
import { QueryError } from '../../store/find/language/ast.ts';
import { StoreError } from '../../store/store.ts';
import { ProblemError } from '../../../contract/problems.ts';
import { MailpitError, textAnswer, type Answer } from './answer.ts';
import { accountOf, type Handler, type MailpitDeps } from './call.ts';
import { getChaos, setChaos } from './chaos.ts';
import { checkHtml, checkLinks, checkRspamd, checkSpamAssassin } from './checks.ts';
import { getInfo, getWebUi } from './info.ts';
import { getHeaders, getMessage, getPart, getRaw, getThumbnail, releaseMessage } from './message.ts';
import { deleteMessages, deleteSearch, listMessages, listTags, searchMessages, setRead } from './messages.ts';
import { sendMessage } from './send.ts';
import { deleteTag, renameTag, setTags } from './tags.ts';
import { viewHtml, viewLatest, viewPage, viewText } from './view.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The handlers of a path, by method. */
type Methods = Partial<Readonly<Record<Method, Handler>>>;

/** The calls by path; `:name` stands for one segment of the path. */
const CALLS: Readonly<Record<string, Methods>> = {
  'api/v1/messages': { GET: listMessages, PUT: setRead, DELETE: deleteMessages },
  'api/v1/search': { GET: searchMessages, DELETE: deleteSearch },
  'api/v1/send': { POST: sendMessage },
  'api/v1/tags': { GET: listTags, PUT: setTags },
  'api/v1/tags/:tag': { PUT: renameTag, DELETE: deleteTag },
  'api/v1/chaos': { GET: getChaos, PUT: setChaos },
  'api/v1/info': { GET: getInfo },
  'api/v1/webui': { GET: getWebUi },
  'api/v1/message/:id': { GET: getMessage },
  'api/v1/message/:id/headers': { GET: getHeaders },
  'api/v1/message/:id/raw': { GET: getRaw },
  'api/v1/message/:id/part/:part': { GET: getPart },
  'api/v1/message/:id/part/:part/thumb': { GET: getThumbnail },
  'api/v1/message/:id/release': { POST: releaseMessage },
  'api/v1/message/:id/html-check': { GET: checkHtml },
  'api/v1/message/:id/link-check': { GET: checkLinks },
  'api/v1/message/:id/sa-check': { GET: checkSpamAssassin },
  'api/v1/message/:id/rspamd-check': { GET: checkRspamd },
  'view/latest': { GET: viewLatest },
  'view/:id.html': { GET: viewHtml },
  'view/:id.txt': { GET: viewText },
  'view/:id': { GET: viewPage },
};

/** Returns a regular expression that matches the request paths of a call. */
function patternOf(path: string): RegExp {
  const source = path
    .replaceAll(/[.]/g, '\\.')
    .replaceAll(/:([a-z]+)/g, (_match, name: string) => `(?<${name}>[^/]+?)`);
  return new RegExp(`^${source}$`);
}

const table = Object.entries(CALLS).map(([path, methods]) => ({ pattern: patternOf(path), methods }));

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new MailpitError('400 Bad Request', 400);
  }
}

interface Found {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Returns the call that a method and a path name; for an unknown path, or a method that the path does not have,
 * returns the error response.
 */
function find(method: string, path: string): Found | Answer {
  for (const { pattern, methods } of table) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const handler = methods[method as Method];
    if (handler === undefined) return otherMethod(method, Object.keys(methods));
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]);
    return { handler, params: Object.fromEntries(params) as Record<string, string> };
  }
  return method === 'OPTIONS' ? textAnswer('') : textAnswer('404 page not found', 404);
}

function otherMethod(method: string, known: readonly string[]): Answer {
  if (method === 'OPTIONS') return textAnswer('');
  const allow = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
  return { ...textAnswer('Method Not Allowed\n', 405), headers: { allow } };
}

/** Returns the response for an error that a handler has thrown; `null` for an unexpected error. */
function failure(error: unknown): Answer | null {
  if (error instanceof MailpitError) return textAnswer(error.message, error.status);
  if (error instanceof ProblemError) return textAnswer(error.message, error.problem.status);
  if (error instanceof QueryError || error instanceof RelayRefusal) return textAnswer(error.message, 400);
  if (error instanceof StoreError) return textAnswer(error.message, error.code === 'not-found' ? 404 : 503);
  return null;
}

/** The part of a request's URL that names a call. */
export interface CallPath {
  /** The path of the call, without a slash at its start and without a query. */
  readonly path: string;
  /** The beginning of the URL's path, which precedes `path`. */
  readonly root: string;
  /** The account that the path names. */
  readonly account?: string;
}

/** Runs the call of a request. Throws only unexpected errors. */
export async function runCall(
  deps: MailpitDeps,
  request: FastifyRequest,
  { path, root, account }: CallPath,
): Promise<Answer> {
  try {
    const found = find(request.method, path);
    if (!('handler' in found)) return found;
    const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    const call = { account: accountOf(request, query, account), query, params: found.params, request, root };
    return await found.handler(deps, call);
  } catch (error) {
    const answer = failure(error);
    if (answer === null) throw error;
    return answer;
  }
}
