/** An HTTP proxy that connects every CONNECT request to one server, whatever host and port the request names. */
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { Address } from './sandbox.ts';

export interface ConnectProxy {
  readonly url: string;
  /** The hosts and ports that the clients named. */
  readonly named: ReadonlySet<string>;
  close(): void;
}

export async function startConnectProxy({ host, port }: Address): Promise<ConnectProxy> {
  const named = new Set<string>();
  const sockets = new Set<net.Socket>();
  const proxy = http.createServer();
  proxy.on('connect', (request, client: net.Socket, head) => {
    named.add(request.url ?? '');
    const server = net.connect(port, host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    named,
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
