/**
 * Processes the requests of one connection one after another. Node parses all received octets and would
 * process all pipelined requests at the same time, which means that one connection could cause any number of
 * messages to be in memory.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The maximum number of requests that wait on a connection; at the limit, the server stops reading from the
 * connection.
 */
const MAX_WAITING = 8;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Pipeline {
  /** The newest request that was received on the connection and whose response is not complete. */
  last: Exchange | undefined;
  waiting: number;
  paused: boolean;
}

export class Pipelines {
  readonly #pipelines = new WeakMap<Socket, Pipeline>();

  /**
   * Calls `work` when the responses to all earlier requests of the connection are sent. If the connection is
   * lost before, `work` is not called.
   */
  take(request: IncomingMessage, response: ServerResponse, work: () => void): void {
    const { socket } = request;
    const pipeline = this.#pipeline(socket);
    const before = pipeline.last?.response;
    const exchange = { request, response };
    pipeline.last = exchange;
    response.once('close', () => {
      if (pipeline.last === exchange) pipeline.last = undefined;
    });
    if (before === undefined) {
      work();
      return;
    }
    pipeline.waiting++;
    if (pipeline.waiting > MAX_WAITING) pause(socket, pipeline);
    before.once('close', () => {
      pipeline.waiting--;
      if (pipeline.paused && pipeline.waiting <= MAX_WAITING) {
        pipeline.paused = false;
        socket.resume();
      }
      if (!socket.destroyed) work();
    });
  }

  /** Returns the newest request that was received on the connection and whose response is not complete. */
  last(socket: Socket): Exchange | undefined {
    return this.#pipelines.get(socket)?.last;
  }

  /**
   * Calls `work` when all requests of the connection have been answered. If the connection is lost before,
   * `work` is not called.
   */
  afterEarlier(socket: Socket, work: () => void): void {
    const before = this.last(socket);
    if (before === undefined) {
      work();
      return;
    }
    before.response.once('close', () => {
      if (!socket.destroyed && socket.writable) work();
    });
  }

  isIdle(socket: Socket): boolean {
    return this.last(socket) === undefined;
  }

  #pipeline(socket: Socket): Pipeline {
    let pipeline = this.#pipelines.get(socket);
    if (pipeline === undefined) {
      pipeline = { last: undefined, waiting: 0, paused: false };
      this.#pipelines.set(socket, pipeline);
    }
    return pipeline;
  }
}

/**
 * Pauses reading from the socket after the received octets are parsed. The pause is repeated, because Node
 * resumes the socket at the end of each request.
 */
function pause(socket: Socket, pipeline: Pipeline): void {
  if (pipeline.paused) return;
  pipeline.paused = true;
  setImmediate(() => {
    if (pipeline.paused) socket.pause();
  });
}
