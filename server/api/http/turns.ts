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

interface Line {
  /** The newest exchange of which the response is not closed. */
  last: Exchange | undefined;
  waiting: number;
  paused: boolean;
}

export class Turns {
  readonly #lines = new WeakMap<Socket, Line>();

  /** Calls `work` when the responses to all earlier requests of the connection are sent; never if it is lost before. */
  take(request: IncomingMessage, response: ServerResponse, work: () => void): void {
    const { socket } = request;
    const line = this.#line(socket);
    const before = line.last?.response;
    const exchange = { request, response };
    line.last = exchange;
    response.once('close', () => {
      if (line.last === exchange) line.last = undefined;
    });
    if (before === undefined) {
      work();
      return;
    }
    line.waiting++;
    if (line.waiting > MAX_WAITING) pause(socket, line);
    before.once('close', () => {
      line.waiting--;
      if (line.paused && line.waiting <= MAX_WAITING) {
        line.paused = false;
        socket.resume();
      }
      if (!socket.destroyed) work();
    });
  }

  /** The newest exchange of the connection that is not over. */
  last(socket: Socket): Exchange | undefined {
    return this.#lines.get(socket)?.last;
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

  #line(socket: Socket): Line {
    let line = this.#lines.get(socket);
    if (line === undefined) {
      line = { last: undefined, waiting: 0, paused: false };
      this.#lines.set(socket, line);
    }
    return line;
  }
}

/** Stops reading once the octets that have come are parsed: Node resumes the socket at the end of each request. */
function pause(socket: Socket, line: Line): void {
  if (line.paused) return;
  line.paused = true;
  setImmediate(() => {
    if (line.paused) socket.pause();
  });
}
