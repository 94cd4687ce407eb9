/** The list of open event streams, which is a part of the list of open connections. */
import type { FastifyRequest } from 'fastify';
import type { LiveSession } from '../../net/live-session.ts';
import type { EventsQuery } from '../../../contract/index.ts';

export type StreamProtocol = 'websocket' | 'sse';

interface OpenStream {
  readonly protocol: StreamProtocol;
  readonly session: LiveSession;
  told: number;
}

/** Returns the properties of a stream that do not change while it is open. */
function describe({ socket, headers, query }: FastifyRequest, since: number): LiveSession {
  const { account = 'all', query: words = '' } = query as EventsQuery;
  const address = socket.remoteAddress ?? '';
  return {
    peer: `${address.includes(':') ? `[${address}]` : address}:${socket.remotePort ?? 0}`,
    since,
    client: headers['user-agent'] ?? null,
    user: null,
    tls: null,
    state: 'streaming',
    about: words === '' ? account : `${account}, ${words}`,
    messages: null,
  };
}

export class OpenStreams {
  readonly #open = new Set<OpenStream>();

  /**
   * Adds a stream to the list. Returns a function that counts sent messages, and a function that removes the
   * stream.
   */
  opened(
    protocol: StreamProtocol,
    request: FastifyRequest,
    since: number,
  ): { told: (messages: number) => void; closed: () => void } {
    const stream: OpenStream = { protocol, session: describe(request, since), told: 0 };
    this.#open.add(stream);
    return {
      told: (messages) => {
        stream.told += messages;
      },
      closed: () => this.#open.delete(stream),
    };
  }

  list(): { readonly protocol: StreamProtocol; readonly session: LiveSession }[] {
    return [...this.#open].map(({ protocol, session, told }) => ({
      protocol,
      session: { ...session, messages: told },
    }));
  }
}
