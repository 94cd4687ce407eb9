/**
 * The typed client: one method for each call of the contract, over `fetch` alone, so that it works in Node, Bun,
 * Deno and browsers. Failures are `RestanteError`s.
 */
import type {
  Account,
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
  Detail,
  HandedOver,
  Info,
  ListQuery,
  LiveConnections,
  Marks,
  MessagePage,
  MintAccount,
  MintedAccount,
  OpenSessions,
  Problem,
  Release,
  Released,
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
} from '../contract/index.ts';
import { problemType } from '../contract/problems.ts';
import { RestanteError, WaitTimeoutError } from './errors.ts';
import { streamEvents, type EventOptions, type EventStream } from './events.ts';

export interface ClientOptions {
  /** Root of the server, e.g. `http://127.0.0.1:8025`, with its base path where it has one. */
  readonly url: string | URL;
  /** For a server with `--web-auth`. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Another `fetch`; the platform's when absent. */
  readonly fetch?: typeof fetch;
}

interface CallOptions {
  readonly signal?: AbortSignal;
}

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

export type Client = ReturnType<typeof createClient>;

export function createClient({ url, auth, fetch: fetching = globalThis.fetch }: ClientOptions) {
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
    const response = await fetching(target, { ...init, headers });
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
    /** Root of the server, with a slash at its end. */
    url: root.href,
    /** Address of a path below `api/`, for links and images. */
    address: (path: string, parameters?: Parameters): string => address(path, parameters).href,

    list: (query: ListQuery = {}, { signal }: CallOptions = {}): Promise<MessagePage> =>
      json(address('messages', query), signal === undefined ? {} : { signal }),
    /** A message by its id, or `latest` in a scope. */
    message: (id: string, scope: ScopeQuery = {}): Promise<Detail> => json(address(message(id), scope)),
    raw: (id: string): Promise<Uint8Array> => bytes(address(message(id, '/raw'))),
    part: (id: string, part: string): Promise<Uint8Array> => bytes(address(message(id, `/parts/${part}`))),
    /** A text part, decoded from its character set by the server. */
    partText: async (id: string, part: string): Promise<string> =>
      new TextDecoder().decode(await bytes(address(message(id, `/parts/${part}`), { utf8: true }))),
    text: async (id: string): Promise<string> => (await call(address(message(id, '/text')))).text(),
    transcript: (id: string): Promise<{ lines: TranscriptLine[] }> =>
      json(address(message(id, '/transcript'))),
    /** The findings of every check on a message; `clients` are separated by commas. */
    checks: (id: string, query: ChecksQuery = {}): Promise<CheckReport> =>
      json(address(message(id, '/checks'), query)),
    /** The findings of one check, with its details. */
    check: (id: string, name: CheckName, query: ChecksQuery = {}): Promise<CheckReport> =>
      json(address(message(id, `/checks/${name}`), query)),
    /** Runs a check that sends requests to other servers. */
    runCheck: (id: string, name: CheckName, request: CheckRun = {}): Promise<CheckReport> =>
      json(address(message(id, `/checks/${name}`)), sending('POST', request)),
    /** Resolves with the first match, at the moment it is captured; rejects with `WaitTimeoutError`. */
    wait: (query: WaitQuery = {}, { signal }: CallOptions = {}): Promise<Detail> =>
      json(address('messages/wait', query), signal === undefined ? {} : { signal }),

    mark: (id: string, marks: Marks, scope: { account?: string } = {}): Promise<Detail> =>
      json(address(message(id), scope), sending('PATCH', marks)),
    markMatching: (scope: ScopeQuery & { all?: boolean }, marks: Marks): Promise<BulkOutcome> =>
      json(address('messages', scope), sending('PATCH', marks)),
    remove: async (id: string, scope: { account?: string } = {}): Promise<void> => {
      await call(address(message(id), scope), { method: 'DELETE' });
    },
    /** Needs a query, or `all: true`. */
    removeMatching: (scope: ScopeQuery & { all?: boolean }): Promise<BulkOutcome> =>
      json(address('messages', scope), { method: 'DELETE' }),
    /** Composes a message and captures it as if by SMTP. */
    compose: (mail: Compose): Promise<Captured> => json(address('messages'), sending('POST', mail)),
    /** Composes a message and sends it to the application, if the server has its address (`--app`). */
    handOver: (mail: Compose): Promise<HandedOver> => json(address('application'), sending('POST', mail)),
    /** Captures raw bytes as if by SMTP. */
    submit: (
      raw: Uint8Array<ArrayBuffer>,
      envelope: { from?: string; to?: string } = {},
    ): Promise<Captured> =>
      json(address('messages', envelope), {
        method: 'POST',
        body: raw,
        headers: { 'content-type': 'message/rfc822' },
      }),

    /** A page of accounts: newest first, `all` before the others. */
    accounts: (query: AccountsQuery = {}, options: CallOptions = {}): Promise<AccountList> =>
      accounts(query, options),
    /** Every account whose name contains `name`, page by page. */
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
    /** Gives an account a password; with `null`, any password is accepted. */
    setPassword: (name: string, password: string | null): Promise<Account> =>
      json(address(`accounts/${encodeURIComponent(name)}`), sending('PATCH', { password })),
    removeAccount: async (name: string): Promise<void> => {
      await call(address(`accounts/${encodeURIComponent(name)}`), { method: 'DELETE' });
    },

    /** Rules in the order of evaluation; those of one account if `account` is given. */
    rules: (scope: { account?: string } = {}): Promise<RuleList> => json(address('rules', scope)),
    rule: (id: string): Promise<Rule> => json(address(`rules/${encodeURIComponent(id)}`)),
    addRule: (rule: RuleInput): Promise<Rule> => json(address('rules'), sending('POST', rule)),
    /** Adds a rule under an id, or replaces the rule that has the id. */
    setRule: (id: string, rule: RuleInput): Promise<Rule> =>
      json(address(`rules/${encodeURIComponent(id)}`), sending('PUT', rule)),
    removeRule: async (id: string): Promise<void> => {
      await call(address(`rules/${encodeURIComponent(id)}`), { method: 'DELETE' });
    },
    /** All rules, or those of one account. */
    removeRules: (scope: { account?: string } = {}): Promise<BulkOutcome> =>
      json(address('rules', scope.account === undefined ? { all: true } : scope), { method: 'DELETE' }),
    /** Sets the order of evaluation to that of these ids; the other rules follow. */
    orderRules: (ids: readonly string[]): Promise<RuleList> =>
      json(address('rules/order'), sending('POST', { ids })),
    /** Validates a rule without storing it. */
    checkRule: (rule: unknown): Promise<RuleCheck> => json(address('rules/check'), sending('POST', rule)),
    /** Reports which rules would act on a message, and why the others would not; no rule acts. */
    explainRules: (trial: RuleTrial): Promise<RuleExplanations> =>
      json(address('rules/explain'), sending('POST', trial)),
    /** Webhooks that rules sent, newest first. */
    webhooks: (): Promise<WebhookList> => json(address('webhooks')),
    replayWebhook: (id: string): Promise<WebhookDelivery> =>
      json(address(`webhooks/${encodeURIComponent(id)}/replay`), { method: 'POST' }),
    /** The open connections of all protocols. */
    connections: (): Promise<LiveConnections> => json(address('connections')),
    /** SMTP sessions that may still deliver a message to an account. */
    sessions: (scope: { account?: string } = {}, { signal }: CallOptions = {}): Promise<OpenSessions> =>
      json(address('sessions', scope), signal === undefined ? {} : { signal }),

    /** Delivers a message to its recipients, or to the recipients named, if the relay is configured. */
    release: (id: string, wishes: Release = {}): Promise<Released> =>
      json(address(message(id, '/release')), sending('POST', wishes)),
    /** Reports the outcome that a release would have; nothing is sent. */
    rehearseRelease: (id: string, wishes: Release = {}): Promise<Rehearsal> =>
      json(address(message(id, '/release/rehearsal')), sending('POST', wishes)),
    /** Newest first, with counts by state. */
    deliveries: (query: DeliveriesQuery = {}): Promise<DeliveryList> => json(address('deliveries', query)),
    /** A delivery with the log of its attempts. */
    delivery: (id: string): Promise<DeliveryDetail> => json(address(delivery(id))),
    /** Starts the next attempt now; a delivery that failed, was cancelled or is unknown starts from the beginning. */
    retryDelivery: (id: string): Promise<Delivery> =>
      json(address(delivery(id, '/retry')), { method: 'POST' }),
    cancelDelivery: (id: string): Promise<Delivery> =>
      json(address(delivery(id, '/cancel')), { method: 'POST' }),

    tags: (scope: { account?: string } = {}): Promise<TagList> => json(address('tags', scope)),
    info: (): Promise<Info> => json(address('info')),
    /** The event stream: survives a lost connection and resumes without a gap. */
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
    // The body is no problem document, for example a proxy's page: only the status is known.
  }
  if (problem.type === problemType('wait-timeout')) return new WaitTimeoutError(problem as WaitTimeout);
  return new RestanteError(problem);
}
