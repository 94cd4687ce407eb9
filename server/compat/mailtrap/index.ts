/**
 * Answers as the sandbox of Mailtrap does, below the path `/mailtrap`: at the root, the same paths belong to Restante's
 * own API. Like Mailtrap, every call requires an API token.
 */
import type { FastifyInstance } from 'fastify';
import type { CompatDeps } from '../call.ts';
import { registerTool, type Tool } from '../door.ts';
import { failure } from './errors.ts';

const mailtrap: Tool = {
  name: 'mailtrap',
  paths: [],
  own: ['/api/*'],
  hasApiKey: true,
  load: async () => (await import('../calls.ts')).mailtrap,
  failure,
};

/** Registers the routes. `app` must have the base path of the server as its prefix. */
export async function mailtrapRoutes(app: FastifyInstance, deps: CompatDeps): Promise<void> {
  registerTool(app, deps, mailtrap);
}
