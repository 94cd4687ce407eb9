/** Sends mail to a running server and fetches mail from it, through the server's API. */
import type { MessagePage, Problem } from '../../contract/index.ts';
import type { MailItem } from '../store/transfer/mail-item.ts';
import { CommandError } from './error.ts';

/** The number of messages that one request lists. */
const PAGE = 200;

export interface RemoteScope {
  readonly account: string | undefined;
  readonly query: string | undefined;
}

export class RemoteServer {
  readonly #api: URL;

  constructor(address: string) {
    try {
      this.#api = new URL('api/', address.endsWith('/') ? address : `${address}/`);
    } catch {
      throw new CommandError(`${address} is not the address of a server, such as http://127.0.0.1:8025`);
    }
  }

  /** Submits a message, which the server captures as if it had been received by SMTP. */
  async submit({ raw, from }: MailItem, account: string): Promise<void> {
    const envelope = new URLSearchParams({ to: account, ...(from !== null && { from }) });
    await this.#call(`messages?${envelope.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(raw),
    });
  }

  /** Returns all messages of the account that match the query, newest first. */
  async *messages({ account, query }: RemoteScope): AsyncGenerator<MailItem> {
    let cursor: string | null = null;
    do {
      const asked = new URLSearchParams({
        limit: String(PAGE),
        ...(account !== undefined && { account }),
        ...(query !== undefined && { query }),
        ...(cursor !== null && { cursor }),
      });
      const page = (await (await this.#call(`messages?${asked.toString()}`)).json()) as MessagePage;
      for (const { id, receivedAt, seen, flagged, envelope } of page.messages) {
        const raw = Buffer.from(await (await this.#call(`messages/${id}/raw`)).arrayBuffer());
        const flags = [...(seen ? ['\\Seen'] : []), ...(flagged ? ['\\Flagged'] : [])];
        yield {
          source: id,
          raw,
          receivedAt: Date.parse(receivedAt),
          flags,
          from: envelope.from,
          folder: null,
        };
      }
      cursor = page.next;
    } while (cursor !== null);
  }

  async #call(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#api), init);
    } catch (error) {
      const { cause } = error as Error;
      throw new CommandError(
        `${this.#api.origin} does not respond: ${cause instanceof Error ? cause.message : ''}`,
      );
    }
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    throw new CommandError(
      `${this.#api.origin} responds with status ${response.status}: ${problem.detail ?? problem.title ?? ''}`,
    );
  }
}
