/** A TCP proxy before a database, which can cut a node off from it in several ways. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

export class DatabaseProxy {
  /** URL of the database through the proxy. */
  readonly url: string;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #delay = 0;
  /** Resolves when the proxy forwards again; `undefined` while the proxy forwards. */
  #held: Promise<void> | undefined;
  #release: () => void = () => undefined;

  private constructor(target: URL, server: Server) {
    this.#target = target;
    this.#server = server;
    const inside = new URL(target);
    inside.hostname = '127.0.0.1';
    inside.port = String((server.address() as AddressInfo).port);
    this.url = inside.href;
  }

  static async start(url: string): Promise<DatabaseProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new DatabaseProxy(new URL(url), server);
    server.on('connection', (client) => proxy.#accept(client));
    return proxy;
  }

  /** Ends all connections and refuses new connections, until `heal`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Forwards nothing until `heal`, but keeps connections open and accepts new connections, like a broken network. */
  hold(): void {
    this.#held ??= new Promise((resolve) => (this.#release = resolve));
  }

  /** Delays each piece of data by a number of milliseconds, until `heal` is called. */
  slow(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  heal(): void {
    this.#isCut = false;
    this.#delay = 0;
    this.#held = undefined;
    this.#release();
  }

  close(): void {
    this.heal();
    this.cut();
    this.#server.close();
  }

  #accept(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(this.#target.port || 5432), this.#target.hostname);
    this.#forward(client, upstream);
    this.#forward(upstream, client);
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from.setNoDelay(true));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(this.#gate()).pipe(to);
  }

  #gate(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        if (this.#held === undefined && this.#delay === 0) done(null, chunk);
        else void this.#later().then(() => done(null, chunk));
      },
    });
  }

  async #later(): Promise<void> {
    await this.#held;
    if (this.#delay > 0) await wait(this.#delay);
  }
}
