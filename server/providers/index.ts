/** The emulated HTTP APIs of mail providers, below `/providers/NAME`. */
import type { FastifyInstance } from 'fastify';
import { providerNames } from '../../contract/names.ts';
import { registerProvider } from './door.ts';
import type { Provider, ProviderDeps } from './provider.ts';

export { createApiKeys } from './keys.ts';

/** Registers the calls of all providers. `app` must have the base path of the server as its prefix. */
export async function providerRoutes(app: FastifyInstance, deps: ProviderDeps): Promise<void> {
  for (const name of providerNames) {
    // The code of the providers is loaded with the first request to one of them, so that it does not prolong the start.
    const load = async (): Promise<Provider> => (await import('./all.ts')).providers[name];
    // Each provider is a Fastify plugin of its own, because it has its own form of errors.
    await app.register(async (surface) => registerProvider(surface, deps, name, load));
  }
}
