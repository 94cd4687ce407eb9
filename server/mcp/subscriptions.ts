/**
 * Notifies a client of changes to inboxes and to the list of resources: the method `subscriptions/listen` of the
 * revision 2026-07-28. The response is a stream that ends when the client closes it or the server stops.
 */
import { readScope } from '../service/scope.ts';
import type { AccountName } from '../store/ids.ts';
import type { Change } from '../store/changes.ts';
import type { Call, Notify } from './call.ts';
import type { McpDeps } from './deps.ts';
import { invalidParams, isObject, type RpcRequest } from './protocol/json-rpc.ts';
import { inboxOf, listResources } from './resources.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
/** The maximum number of resources in one subscription. */
const MAX_URIS = 100;
/** The time in which changes are collected before the client is notified, in milliseconds. */
const PAUSE = 100;

interface Wanted {
  /** The URIs of the inboxes, by the name of the account. */
  readonly inboxes: ReadonlyMap<AccountName, string>;
  /** Whether the client is notified when the list of resources changes. */
  readonly list: boolean;
}

/**
 * Reads the filter of a request. URIs that are not those of inboxes are left out, because all other resources never
 * change.
 */
function readWanted(filter: unknown): Wanted {
  if (!isObject(filter)) throw invalidParams('params.notifications must be an object');
  const { resourceSubscriptions: uris = [], resourcesListChanged: list = false } = filter;
  if (!Array.isArray(uris) || uris.length > MAX_URIS || uris.some((uri) => typeof uri !== 'string')) {
    throw invalidParams(`notifications.resourceSubscriptions must be an array of at most ${MAX_URIS} URIs`);
  }
  const inboxes = new Map<AccountName, string>();
  for (const uri of uris as readonly string[]) {
    const name = inboxOf(uri);
    if (name !== null) inboxes.set(readScope({ account: name }).account, uri);
  }
  return { inboxes, list: list === true };
}

/** Returns the accounts whose list of messages a change has changed. */
function accountsOf(change: Change): readonly AccountName[] {
  if (change.kind === 'message-added' || change.kind === 'message-removed') {
    return change.places.map(({ account }) => account);
  }
  if (change.kind === 'placed' || change.kind === 'expunged') return [change.place.account];
  return change.kind === 'account-added' || change.kind === 'account-removed' ? [change.account] : [];
}

/** Collects the changes of the store, and notifies one client of them. */
class Watch {
  readonly #deps: McpDeps;
  readonly #wanted: Wanted;
  readonly #notify: Notify;
  readonly #changed = new Set<string>();
  #isListOld = false;
  /** The list of resources that was last reported to the client, as JSON. */
  #list = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: McpDeps, wanted: Wanted, notify: Notify) {
    this.#deps = deps;
    this.#wanted = wanted;
    this.#notify = notify;
  }

  /** Begins to watch the changes of the store; resolves with a function that ends the watching. */
  async start(): Promise<() => void> {
    if (this.#wanted.list) this.#list = await this.#readList();
    const stop = this.#deps.store.changes.subscribe((change) => this.#add(change));
    return () => {
      stop();
      clearTimeout(this.#timer);
    };
  }

  #add(change: Change): void {
    const accounts = accountsOf(change);
    for (const account of accounts) {
      const uri = this.#wanted.inboxes.get(account);
      if (uri !== undefined) this.#changed.add(uri);
    }
    this.#isListOld ||= this.#wanted.list && accounts.length > 0;
    if (this.#changed.size > 0 || this.#isListOld) this.#plan();
  }

  #plan(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, PAUSE);
  }

  async #send(): Promise<void> {
    // While the client does not read, further changes are collected, but not sent.
    if (!this.#notify.isReady()) {
      this.#plan();
      return;
    }
    for (const uri of this.#changed) this.#notify.send('notifications/resources/updated', { uri });
    this.#changed.clear();
    if (!this.#isListOld) return;
    this.#isListOld = false;
    const list = await this.#readList().catch(() => this.#list);
    if (list === this.#list) return;
    this.#list = list;
    this.#notify.send('notifications/resources/list_changed', {});
  }

  async #readList(): Promise<string> {
    return JSON.stringify(await listResources(this.#deps));
  }
}

export function listen(
  deps: McpDeps,
  { id, params }: RpcRequest,
  call: Call,
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = readWanted(params['notifications']);
  const _meta = { [SUBSCRIPTION]: id };
  return call.stream(async (stream) => {
    const notify: Notify = {
      isReady: () => stream.isReady(),
      send: (method, members) => stream.send(method, { ...members, _meta }),
    };
    const stop = await new Watch(deps, wanted, notify).start();
    try {
      notify.send('notifications/subscriptions/acknowledged', {
        notifications: {
          ...(wanted.inboxes.size === 0 ? {} : { resourceSubscriptions: [...wanted.inboxes.values()] }),
          ...(wanted.list ? { resourcesListChanged: true } : {}),
        },
      });
      await new Promise<void>((resolve) => {
        if (call.signal.aborted) resolve();
        else call.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return { _meta };
    } finally {
      stop();
    }
  });
}
