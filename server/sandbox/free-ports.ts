/**
 * Checks before the start that every port and socket is free, so that one error names all ports and sockets
 * that are in use, before any file is created.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { SandboxConfig } from '../config/index.ts';
import { wantedListeners, wantedWebListeners } from './listeners.ts';
import { portHolder } from './port-holder.ts';
import { listenErrors, type ListenerPlace, type RefusedListener } from './start-error.ts';

/**
 * Throws a `StartError` that names every listener whose port or address cannot be used. A port that another program
 * takes after this check is reported when it is bound.
 */
export async function refuseTakenPorts(config: SandboxConfig, hasTls: boolean): Promise<void> {
  const web = wantedWebListeners(config, hasTls).map((each) => ({ ...each, host: config.host, path: null }));
  const places: ListenerPlace[] = [...web, ...wantedListeners(config, hasTls)];
  // The ports stay bound until the end of the check, so that a port which two options name is found as well.
  const bound: { readonly server: net.Server; readonly place: ListenerPlace }[] = [];
  const refused: RefusedListener[] = [];
  for (const place of places.filter(({ port, path }) => port !== 0 && path === null)) {
    try {
      bound.push({ place, server: await bind(place) });
    } catch (error) {
      const twin = bound.find((each) => each.place.port === place.port)?.place.option ?? null;
      refused.push({ place, error, twin, holder: portHolder(place.port) });
    }
  }
  await Promise.all(bound.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  if (refused.length > 0) throw listenErrors(refused);
}

/** Binds a port without serving it. Rejects with the error of the operating system. */
async function bind({ host, port }: ListenerPlace): Promise<net.Server> {
  const server = net.createServer((socket) => socket.destroy());
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  return server;
}
