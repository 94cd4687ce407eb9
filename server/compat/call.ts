/** A call of another tool's API: its account, its parameters and its request, and the services that calls use. */
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Capture } from '../capture/capture.ts';
import type { Checks } from '../checks/index.ts';
import type { InFlight } from '../net/in-flight/index.ts';
import type { Relay } from '../relay/relay.ts';
import type { Pictures } from '../service/picture/index.ts';
import type { MessageReading } from '../service/reading/index.ts';
import { ALL, accountName, type AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { CallError, type Answer } from './answer.ts';

/** The tools whose APIs Restante offers. */
export type ToolName = 'mailpit' | 'mailhog' | 'maildev' | 'mailosaur' | 'mailtrap';

/** The services and settings of the server that the calls of other tools' APIs use. */
export interface CompatDeps {
  readonly store: Store;
  readonly capture: Pick<Capture, 'submit' | 'rules' | 'counts'>;
  readonly relay: Relay;
  readonly checks: Checks;
  readonly reading: MessageReading;
  readonly pictures: Pictures;
  readonly inFlight: InFlight;
  readonly logger: Logger;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** Returns a random number of at least 0 and less than 1. */
  readonly random: () => number;
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
  /** Returns the port of the SMTP listener; `null` if there is none. */
  readonly smtpPort: () => number | null;
  /** The tool whose place the server takes; its API then has the paths that several tools have in common. */
  readonly as: ToolName | 'restante';
}

export interface Call {
  readonly account: AccountName;
  readonly query: URLSearchParams;
  /** The decoded variable segments of the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
  /** The path below which the caller finds the API, with a slash at its end. */
  readonly root: string;
  /** The signal that is aborted when the server closes; streams then end. */
  readonly closing: AbortSignal;
}

export type Handler = (deps: CompatDeps, call: Call) => Promise<Answer>;

/** The header field that limits a call to one account. */
const ACCOUNT_FIELD = 'x-restante-account';
/** The query parameter that limits a call to one account. */
const ACCOUNT_PARAMETER = 'account';

/**
 * Returns the account of a call: from the path, the header field `X-Restante-Account` or the query parameter
 * `account`; else the account `all`.
 */
export function accountOf(request: FastifyRequest, query: URLSearchParams, inPath?: string): AccountName {
  const field = request.headers[ACCOUNT_FIELD];
  const named = inPath ?? (typeof field === 'string' ? field : query.get(ACCOUNT_PARAMETER));
  return named === null || named.trim() === '' ? ALL : accountName(named.trim());
}

/**
 * Throws if a call that deletes all messages has a query parameter. The tools ignore such a parameter, and delete
 * more than the caller intended.
 */
export function refuseParameters({ query }: Call): void {
  const names = [...new Set(query.keys())].filter((name) => name !== ACCOUNT_PARAMETER);
  if (names.length === 0) return;
  throw new CallError(
    `This call deletes all messages and has no parameter ${names.join(', ')}. Nothing was deleted; remove the ` +
      `parameter to delete all messages`,
  );
}

/**
 * Returns the value of a query parameter that is a whole number of at least 0. For any other value, returns the
 * default, as the tools do.
 */
export function countIn({ query }: Call, name: string, otherwise: number): number {
  const value = query.get(name) ?? '';
  return /^\+?\d{1,15}$/.test(value) ? Number(value) : otherwise;
}
