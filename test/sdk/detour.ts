/** A TCP proxy to a server, whose connections a test can break and whose target port can change. */
import net, { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Detour {
  /** The HTTP address of the proxy. */
  readonly url: string;
  /** The number of open connections. */
  readonly open: number;
  /** Breaks every connection. New connections are passed on to `port`, or broken at once if there is no port. */
  cut(port?: number): void;
}

export async function openDetour(to: string): Promise<Detour> {
  let target: number | undefined = Number(new URL(to).port);
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    if (target === undefined) return void near.destroy();
    const far = net.connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (port?: number): void => {
    target = port;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get open() {
      return sockets.size / 2;
    },
    cut,
  };
}
