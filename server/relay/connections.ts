/**
 * A pool of connections to mail servers. The number of connections to each server is limited, an idle
 * connection stays open for a short time for the next message, and waiting callers get a connection in the
 * order of their requests.
 */
import type { SmtpClient } from '../smtp/client/index.ts';

/** The maximum number of simultaneous connections to one server; mail servers limit this number. */
const MAX_EACH = 2;
/** The maximum number of messages that are sent over one connection; mail servers limit this number. */
const MAX_MESSAGES = 50;

interface Place {
  open: number;
  readonly idle: { readonly client: SmtpClient; readonly timer: NodeJS.Timeout }[];
  readonly waiting: (() => void)[];
}

export class Connections {
  readonly #places = new Map<string, Place>();
  readonly #idle: number;
  #closed = false;

  /** @param idle milliseconds after which an unused connection is closed */
  constructor(idle: number) {
    this.#idle = idle;
  }

  /**
   * Runs `use` with a connection to a server. The connection is reused later if it is still usable.
   *
   * @param key the properties that must be equal to reuse a connection: address, port, TLS, login
   */
  async with<T>(
    key: string,
    open: () => Promise<SmtpClient>,
    use: (client: SmtpClient) => Promise<T>,
  ): Promise<T> {
    const place = this.#place(key);
    while (place.open >= MAX_EACH && place.idle.length === 0) {
      await new Promise<void>((resolve) => place.waiting.push(resolve));
    }
    const kept = this.#takeIdle(place);
    // The connection is counted before it is established, so that a connection whose greeting is slow counts
    // towards the limit, too.
    if (kept === null) place.open++;
    let client: SmtpClient | null = kept;
    try {
      client ??= await open();
      return await use(client);
    } finally {
      this.#leave(place, client);
    }
  }

  /** Closes the idle connections. A connection in use is closed when its message has been sent. */
  async close(): Promise<void> {
    this.#closed = true;
    const idle = [...this.#places.values()].flatMap((place) => place.idle.splice(0));
    await Promise.all(
      idle.map(({ client, timer }) => {
        clearTimeout(timer);
        return client.quit();
      }),
    );
  }

  #place(key: string): Place {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place: Place = { open: 0, idle: [], waiting: [] };
    this.#places.set(key, place);
    return place;
  }

  #takeIdle(place: Place): SmtpClient | null {
    for (let entry = place.idle.pop(); entry !== undefined; entry = place.idle.pop()) {
      clearTimeout(entry.timer);
      if (entry.client.usable) return entry.client;
      place.open--;
    }
    return null;
  }

  #leave(place: Place, client: SmtpClient | null): void {
    if (client?.usable === true && client.sent < MAX_MESSAGES && !this.#closed) {
      const timer = setTimeout(() => {
        const at = place.idle.findIndex((entry) => entry.client === client);
        if (at === -1) return;
        place.idle.splice(at, 1);
        this.#end(client);
        this.#ended(place);
      }, this.#idle);
      place.idle.push({ client, timer });
      place.waiting.shift()?.();
      return;
    }
    if (client !== null) this.#end(client);
    this.#ended(place);
  }

  #end(client: SmtpClient): void {
    void client.quit();
  }

  #ended(place: Place): void {
    place.open--;
    place.waiting.shift()?.();
  }
}
