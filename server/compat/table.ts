/** Finds the call of a request in the table of a tool's calls, and runs it. */
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../../contract/problems.ts';
import { RelayRefusal } from '../relay/relay.ts';
import { knownProblem } from '../service/problem.ts';
import { StoreError } from '../store/store.ts';
import { CallError, type Answer } from './answer.ts';
import { accountOf, type CompatDeps, type Handler } from './call.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The handlers of a path, by method. */
export type Methods = Partial<Readonly<Record<Method, Handler>>>;

/** The calls of a tool, and the forms of its errors. */
export interface Calls {
  /** The calls by path; `:name` stands for one segment of the path, or for a part of a segment. */
  readonly table: Readonly<Record<string, Methods>>;
  /** Returns the response for an error with an HTTP status. `error` is the thrown value. */
  readonly failure: (message: string, status: number, error: unknown) => Answer;
  /**
   * Returns the response for an unknown path, or for a method that a path does not have.
   *
   * @param known the methods of the path; empty for an unknown path
   */
  readonly unknown: (method: string, url: string, known: readonly string[]) => Answer;
}

/** The part of a request's URL that names a call. */
export interface CallPath {
  /** The path of the call, without a slash at its start and without a query. */
  readonly path: string;
  /** The beginning of the URL's path, which precedes `path`. */
  readonly root: string;
  /** The account that the path names, as written in the URL. */
  readonly account?: string;
}

/** Runs the call of a request. An expected error becomes a response; an unexpected error is thrown. */
export type RunCall = (
  deps: CompatDeps,
  request: FastifyRequest,
  path: CallPath,
  closing: AbortSignal,
) => Promise<Answer>;

/** Returns a regular expression that matches the request paths of a call. */
function patternOf(path: string): RegExp {
  const source = path
    .replaceAll(/[.]/g, '\\.')
    .replaceAll(/:([a-z]+)/gi, (_match, name: string) => `(?<${name}>[^/]+?)`);
  return new RegExp(`^${source}$`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new CallError('400 Bad Request', 400);
  }
}

/** Returns the status of an error that a handler has thrown; `null` for an unexpected error. */
function statusOf(error: unknown): number | null {
  if (error instanceof CallError) return error.status;
  if (error instanceof ProblemError) return error.problem.status;
  if (error instanceof RelayRefusal) return 400;
  if (error instanceof StoreError) return error.code === 'not-found' ? 404 : 503;
  return knownProblem(error)?.status ?? null;
}

export function createRunner({ table, failure, unknown }: Calls): RunCall {
  const entries = Object.entries(table).map(([path, methods]) => ({ pattern: patternOf(path), methods }));

  const find = (path: string): { methods: Methods; groups: Readonly<Record<string, string>> } => {
    for (const { pattern, methods } of entries) {
      const match = pattern.exec(path);
      if (match !== null) return { methods, groups: match.groups ?? {} };
    }
    return { methods: {}, groups: {} };
  };

  return async (deps, request, { path, root, account }, closing) => {
    const { methods, groups } = find(path);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handler = methods[method as Method];
    if (handler === undefined) return unknown(request.method, request.url, Object.keys(methods));
    try {
      const params = Object.entries(groups).map(([name, value]) => [name, decode(value)] as const);
      const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
      const named = account === undefined ? undefined : decode(account);
      return await handler(deps, {
        account: accountOf(request, query, named),
        query,
        params: Object.fromEntries(params),
        request,
        root,
        closing,
      });
    } catch (error) {
      const status = statusOf(error);
      if (status === null) throw error;
      return failure((error as Error).message, status, error);
    }
  };
}
