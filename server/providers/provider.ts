/** The interface between the common part of the emulated APIs and the folder of each mail provider. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { ProviderName } from '../../contract/names.ts';
import type { Capture } from '../capture/capture.ts';
import type { InFlight } from '../net/in-flight/index.ts';
import type { MessageReading } from '../service/reading/index.ts';
import type { Store } from '../store/store.ts';
import type { ThreadPool } from '../thread/pool.ts';
import type { Answer, Failure } from './answer.ts';
import type { ApiKeys, KeyHolder } from './keys.ts';

/** The services and settings of the server that the emulated APIs use. */
export interface ProviderDeps {
  readonly store: Store;
  readonly capture: Pick<Capture, 'submit'>;
  readonly threads: ThreadPool;
  readonly inFlight: InFlight;
  readonly reading: MessageReading;
  readonly logger: Logger;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly keys: ApiKeys;
  /** The maximum size of a message in octets. */
  readonly maxMessageSize: number;
  /** The base path of all URLs of the server, with a slash at both ends. */
  readonly basePath: string;
  /**
   * Whether the UI and Restante's own API require a login. Without configured keys, the providers' calls then
   * return no mail, because any key would be accepted.
   */
  readonly hasLogin: boolean;
}

/** A request whose API key was accepted. */
export interface Call {
  readonly method: string;
  /** The path below the provider's base URL, with a slash at its start. */
  readonly path: string;
  /** The decoded variable segments of the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /**
   * The API key. It must not appear in responses, logs or stored data; `maskKey` returns the form of the key that may
   * appear there.
   */
  readonly key: string;
  readonly holder: KeyHolder;
  /** The IP address of the client. */
  readonly ip: string;
  /** The URL of the request without its query, for links in responses. */
  readonly url: string;
  /** The time of the request in milliseconds since the epoch. */
  readonly now: number;
}

export type Handler = (deps: ProviderDeps, call: Call) => Promise<Answer>;

/** A call of a provider's API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path of the call; `:name` is one variable segment. */
  readonly path: string;
  readonly run: Handler;
}

export interface Provider {
  readonly name: ProviderName;
  /** The maximum size of a request's body in octets. */
  readonly maxRequest: number;
  readonly routes: readonly Route[];
  /** Returns the API key in the header fields of a request; `null` if there is none. */
  readonly keyOf: (headers: IncomingHttpHeaders) => string | null;
  /** Returns the provider's response to a failure that is possible with every provider. */
  readonly failure: (failure: Failure) => Answer;
  /** Returns the provider's response for a member of the request that is missing or wrong. */
  readonly wrongMember: (path: string, problem: string, isMissing: boolean) => Answer;
}

/**
 * Returns the token of a field `Authorization: Bearer …` (RFC 6750 §2.1); `null` for a request without such a field.
 */
export function bearerOf({ authorization }: IncomingHttpHeaders): string | null {
  return /^bearer\s+(\S.*)$/i.exec(authorization ?? '')?.[1]?.trim() ?? null;
}
