/**
 * The typed client of the REST API, with one method for each call. It needs only `fetch`, so it works in Node, Bun,
 * Deno and browsers. A failed call rejects with a `RestanteError`.
 */
import type {
  Account,
  AllowListChange,
  AccountList,
  AccountsQuery,
  BulkOutcome,
  Captured,
  CheckName,
  CheckReport,
  CheckRun,
  ChecksQuery,
  Compose,
  DeliveriesQuery,
  Delivery,
  DeliveryDetail,
  DeliveryList,
  DeletionOutcome,
  Detail,
  HandedOver,
  Info,
  ListQuery,
  LiveConnections,
  Marks,
  CodesList,
  MessagePage,
  MintAccount,
  MintedAccount,
  OpenSessions,
  Problem,
  Release,
  Released,
  RelayStatus,
  Rehearsal,
  Rule,
  RuleCheck,
  RuleExplanations,
  RuleInput,
  RuleList,
  RuleTrial,
  ScopeQuery,
  TagList,
  TranscriptLine,
  WaitQuery,
  WaitTimeout,
  WebhookDelivery,
  WebhookList,
  UndoOutcome,
} from '../contract/index.ts';
import { problemType } from '../contract/problems.ts';
import { ofPlatform } from './ask.ts';
import { RestanteError, WaitTimeoutError } from './errors.ts';
import { streamEvents, type EventOptions, type EventStream } from './events.ts';

export interface ClientOptions {
  /** The root URL of the server, e.g. `http://127.0.0.1:8025`, with the base path if the server has one. */
  readonly url: string | URL;
  /** The user name and password of a server that was started with `--web-auth`. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** A replacement for `fetch`; by default the `fetch` of the platform. */
  readonly fetch?: typeof fetch;
}

interface CallOptions {
  readonly signal?: AbortSignal;
}

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

export type Client = ReturnType<typeof createClient>;

export function createClient({ url, auth, fetch: fetching = fetch }: ClientOptions) {
  const root = new URL(url);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  const authorization: Record<string, string> =
    auth === undefined ? {} : { authorization: `Basic ${base64(`${auth.user}:${auth.password}`)}` };

  function address(path: string, parameters: Parameters = {}): URL {
    const target = new URL(`api/${path}`, root);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) target.searchParams.set(name, String(value));
    }
    return target;
  }

  async function call(target: URL, init: RequestInit = {}): Promise<Response> {
    const headers = { ...authorization, ...(init.headers as Record<string, string> | undefined) };
    const signal = init.signal == null ? {} : { signal: ofPlatform(init.signal) };
    const response = await fetching(target, { ...init, ...signal, headers });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  const json = async <T>(target: URL, init?: RequestInit): Promise<T> =>
    (await (await call(target, init)).json()) as T;

  const sending = (method: string, body: unknown): RequestInit => ({
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

  const message = (id: string, rest = ''): string => `messages/${encodeURIComponent(id)}${rest}`;
  const delivery = (id: string, rest = ''): string => `deliveries/${encodeURIComponent(id)}${rest}`;
  const bytes = async (target: URL): Promise<Uint8Array> =>
    new Uint8Array(await (await call(target)).arrayBuffer());

  const accounts = (query: AccountsQuery, { signal }: CallOptions = {}): Promise<AccountList> =>
    json(address('accounts', query), signal === undefined ? {} : { signal });

  return {
    /** The root URL of the server, with a slash at its end. */
    url: root.href,
    /** Returns the URL of a path below `api/`, for links and images. */
    address: (path: string, parameters?: Parameters): string => address(path, parameters).href,

    list: (query: ListQuery = {}, { signal }: CallOptions = {}): Promise<MessagePage> =>
      json(address('messages', query), signal === undefined ? {} : { signal }),
    /**
     * Returns a message by its id; if the id is `latest`, returns the latest message of the given account and
     * query.
     */
    message: (id: string, scope: ScopeQuery = {}): Promise<Detail> => json(address(message(id), scope)),
    /** Returns the codes and links of several messages; a message that does not exist is left out. */
    codes: (ids: readonly string[]): Promise<CodesList> =>
      json(address('messages/codes', { ids: ids.join(',') })),
    raw: (id: string): Promise<Uint8Array> => bytes(address(message(id, '/raw'))),
    part: (id: string, part: string): Promise<Uint8Array> => bytes(address(message(id, `/parts/${part}`))),
    /** Returns a text part, which the server has decoded from its character set. */
    partText: async (id: string, part: string): Promise<string> =>
      new TextDecoder().decode(await bytes(address(message(id, `/parts/${part}`), { utf8: true }))),
    text: async (id: string): Promise<string> => (await call(address(message(id, '/text')))).text(),
    transcript: (id: string): Promise<{ lines: TranscriptLine[] }> =>
      json(address(message(id, '/transcript'))),
    /**
     * Returns the findings of every check on a message. The parameter `clients` contains names of mail clients,
     * separated by commas.
     */
    checks: (id: string, query: ChecksQuery = {}): Promise<CheckReport> =>
      json(address(message(id, '/checks'), query)),
    /** Returns the findings of one check, with the details of the check. */
    check: (id: string, name: CheckName, query: ChecksQuery = {}): Promise<CheckReport> =>
      json(address(message(id, `/checks/${name}`), query)),
    /** Runs a live check, which sends requests to other servers, and returns its result. */
    runCheck: (id: string, name: CheckName, request: CheckRun = {}): Promise<CheckReport> =>
      json(address(message(id, `/checks/${name}`)), sending('POST', request)),
    /**
     * Waits for mail. Resolves with the first matching message when it is captured; rejects with
     * `WaitTimeoutError` on timeout.
     */
    wait: (query: WaitQuery = {}, { signal }: CallOptions = {}): Promise<Detail> =>
      json(address('messages/wait', query), signal === undefined ? {} : { signal }),

    mark: (id: string, marks: Marks, scope: { account?: string } = {}): Promise<Detail> =>
      json(address(message(id), scope), sending('PATCH', marks)),
    markMatching: (scope: ScopeQuery & { all?: boolean }, marks: Marks): Promise<BulkOutcome> =>
      json(address('messages', scope), sending('PATCH', marks)),
    remove: async (id: string, scope: { account?: string } = {}): Promise<void> => {
      await call(address(message(id), scope), { method: 'DELETE' });
    },
    /** Deletes a message that `undo` can restore for a number of seconds. */
    removeFor: (id: string, scope: { account?: string; undo: number }): Promise<DeletionOutcome> =>
      json(address(message(id), scope), { method: 'DELETE' }),
    /** Restores the messages of a deletion. @param token the token of the deletion */
    undo: (token: string): Promise<UndoOutcome> =>
      json(address(`undo/${encodeURIComponent(token)}`), { method: 'POST' }),
    /**
     * Deletes the messages that match a query, or all messages with `all: true`. The call needs either a query
     * or `all: true`.
     */
    removeMatching: (scope: ScopeQuery & { all?: boolean; undo?: number }): Promise<DeletionOutcome> =>
      json(address('messages', scope), { method: 'DELETE' }),
    /** Composes a message and captures it as if it had arrived by SMTP. */
    compose: (mail: Compose): Promise<Captured> => json(address('messages'), sending('POST', mail)),
    /**
     * Composes a message and sends it to the application under test, whose address is the option `--app` of
     * the server.
     */
    handOver: (mail: Compose): Promise<HandedOver> => json(address('application'), sending('POST', mail)),
    /** Captures a raw message as if it had arrived by SMTP. */
    submit: (raw: Uint8Array, envelope: { from?: string; to?: string } = {}): Promise<Captured> =>
      json(address('messages', envelope), {
        method: 'POST',
        // The bytes of the message are copied to an array with an `ArrayBuffer`, which the types of `fetch`
        // require.
        body: new Uint8Array(raw),
        headers: { 'content-type': 'message/rfc822' },
      }),

    /** Returns a page of the list of accounts: the account `all` first, then the others, newest first. */
    accounts: (query: AccountsQuery = {}, options: CallOptions = {}): Promise<AccountList> =>
      accounts(query, options),
    /** Yields every account whose name contains `name`; requests the list page by page. */
    allAccounts: async function* (scope: { name?: string } = {}): AsyncGenerator<Account, void> {
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await accounts({ ...scope, ...(cursor === undefined ? {} : { cursor }) });
        yield* page.accounts;
        cursor = page.next;
      }
    },
    mintAccount: (wishes: MintAccount = {}): Promise<MintedAccount> =>
      json(address('accounts'), sending('POST', wishes)),
    /** Sets the password of an account; with `null`, the account accepts any password. */
    setPassword: (name: string, password: string | null): Promise<Account> =>
      json(address(`accounts/${encodeURIComponent(name)}`), sending('PATCH', { password })),
    /** Removes an account with its mail: now, or after `delay` milliseconds. */
    removeAccount: async (name: string, options: { delay?: number } = {}): Promise<void> => {
      await call(address(`accounts/${encodeURIComponent(name)}`, options), { method: 'DELETE' });
    },

    /** Returns the rules in the order of their evaluation: all rules, or the rules for the given account. */
    rules: (scope: { account?: string } = {}): Promise<RuleList> => json(address('rules', scope)),
    rule: (id: string): Promise<Rule> => json(address(`rules/${encodeURIComponent(id)}`)),
    addRule: (rule: RuleInput): Promise<Rule> => json(address('rules'), sending('POST', rule)),
    /** Adds a rule under an id, or replaces the rule that has the id. */
    setRule: (id: string, rule: RuleInput): Promise<Rule> =>
      json(address(`rules/${encodeURIComponent(id)}`), sending('PUT', rule)),
    removeRule: async (id: string): Promise<void> => {
      await call(address(`rules/${encodeURIComponent(id)}`), { method: 'DELETE' });
    },
    /** Removes all rules, or the rules for the given account. */
    removeRules: (scope: { account?: string } = {}): Promise<BulkOutcome> =>
      json(address('rules', scope.account === undefined ? { all: true } : scope), { method: 'DELETE' }),
    /** Sets the order in which the rules are evaluated: first the rules with these ids, then the other rules. */
    orderRules: (ids: readonly string[]): Promise<RuleList> =>
      json(address('rules/order'), sending('POST', { ids })),
    /** Validates a rule without storing it. */
    checkRule: (rule: unknown): Promise<RuleCheck> => json(address('rules/check'), sending('POST', rule)),
    /**
     * Reports which rules would act on a message, and why the other rules would not. No action of a rule is
     * performed.
     */
    explainRules: (trial: RuleTrial): Promise<RuleExplanations> =>
      json(address('rules/explain'), sending('POST', trial)),
    /** Returns the webhook requests that rules sent, newest first. */
    webhooks: (): Promise<WebhookList> => json(address('webhooks')),
    replayWebhook: (id: string): Promise<WebhookDelivery> =>
      json(address(`webhooks/${encodeURIComponent(id)}/replay`), { method: 'POST' }),
    /** Returns the open connections of all protocols. */
    connections: (): Promise<LiveConnections> => json(address('connections')),
    /** Returns the SMTP sessions that may still deliver a message to an account. */
    sessions: (scope: { account?: string } = {}, { signal }: CallOptions = {}): Promise<OpenSessions> =>
      json(address('sessions', scope), signal === undefined ? {} : { signal }),

    /**
     * Releases a message to the relay. The relay sends the message to its recipients, or to the recipients that
     * `wishes` names. Fails if no relay is configured.
     */
    release: (id: string, wishes: Release = {}): Promise<Released> =>
      json(address(message(id, '/release')), sending('POST', wishes)),
    /** Returns the outcome that the release of a message would have; nothing is sent. */
    rehearseRelease: (id: string, wishes: Release = {}): Promise<Rehearsal> =>
      json(address(message(id, '/release/rehearsal')), sending('POST', wishes)),
    /**
     * Adds patterns to the allow list of the relay, and removes patterns that were added at run time. The change is
     * kept over restarts of the server.
     */
    changeAllowList: (change: AllowListChange): Promise<RelayStatus> =>
      json(address('relay/allow'), sending('PATCH', change)),
    /** Returns the relay's deliveries, newest first, with the number of deliveries in each state. */
    deliveries: (query: DeliveriesQuery = {}): Promise<DeliveryList> => json(address('deliveries', query)),
    /** Returns a delivery of the relay with the log of its attempts. */
    delivery: (id: string): Promise<DeliveryDetail> => json(address(delivery(id))),
    /**
     * Starts the next attempt of a delivery now. A delivery that has failed, was cancelled or has an unknown
     * outcome is queued again, and the period for its retries starts anew.
     */
    retryDelivery: (id: string): Promise<Delivery> =>
      json(address(delivery(id, '/retry')), { method: 'POST' }),
    cancelDelivery: (id: string): Promise<Delivery> =>
      json(address(delivery(id, '/cancel')), { method: 'POST' }),

    tags: (scope: { account?: string } = {}): Promise<TagList> => json(address('tags', scope)),
    info: (): Promise<Info> => json(address('info')),
    /** Returns the event stream, which reconnects after a lost connection and resumes without a gap. */
    events: (options: EventOptions = {}): EventStream =>
      streamEvents((parameters, init) => call(address('events', parameters), init), options),
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function problemOf(response: Response): Promise<RestanteError> {
  const fallback: Problem = { type: 'about:blank', title: response.statusText, status: response.status };
  let problem = fallback;
  try {
    problem = { ...fallback, ...((await response.json()) as Problem) };
  } catch {
    // The body of the response is not a problem document; it may be the page of a proxy. The error therefore
    // contains only the HTTP status.
  }
  if (problem.type === problemType('wait-timeout')) return new WaitTimeoutError(problem as WaitTimeout);
  return new RestanteError(problem);
}
