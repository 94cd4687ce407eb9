/**
 * The requests of one connection, answered one after another. Node parses whatever has come and would run all of the
 * pipelined requests at once, so that one connection could hold any number of messages in memory.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that may wait on a connection; above that it is not read. */
const MAX_WAITING = 8;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Pipeline {
  /** The newest exchange of which the response is not closed. */
  last: Exchange | undefined;
  waiting: number;
  paused: boolean;
}

export class Pipelines {
  readonly #pipelines = new WeakMap<Socket, Pipeline>();

  /** Calls `work` when the responses to all earlier requests of the connection are sent; never if it is lost before. */
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

  /** The newest exchange of the connection that is not over. */
  last(socket: Socket): Exchange | undefined {
    return this.#pipelines.get(socket)?.last;
  }

  /** Calls `work` when nothing is left to answer on the connection; never if it is lost before. */
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

/** Stops reading once the octets that have come are parsed: Node resumes the socket at the end of each request. */
function pause(socket: Socket, pipeline: Pipeline): void {
  if (pipeline.paused) return;
  pipeline.paused = true;
  setImmediate(() => {
    if (pipeline.paused) socket.pause();
  });
}
