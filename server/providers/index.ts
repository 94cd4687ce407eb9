/** The emulated HTTP APIs of mail providers, below `/providers/NAME`. */
import type { FastifyInstance } from 'fastify';
import type { ProviderName } from '../../contract/names.ts';
import { registerProvider } from './door.ts';
import type { Provider, ProviderDeps } from './provider.ts';

export { createApiKeys } from './keys.ts';

/** Loads the code of each provider at its first request, so that the code does not prolong the start of the server. */
const providers: Readonly<Record<ProviderName, () => Promise<Provider>>> = {
  sendgrid: async () => (await import('./sendgrid/index.ts')).sendgrid,
  resend: async () => (await import('./resend/index.ts')).resend,
  postmark: async () => (await import('./postmark/index.ts')).postmark,
  mailgun: async () => (await import('./mailgun/index.ts')).mailgun,
};

/** Registers the calls of all providers. `app` must have the base path of the server as its prefix. */
export async function providerRoutes(app: FastifyInstance, deps: ProviderDeps): Promise<void> {
  for (const [name, load] of Object.entries(providers)) {
    // Each provider is a Fastify plugin of its own, because it has its own form of errors.
    await app.register(async (surface) => registerProvider(surface, deps, name, load));
  }
}
