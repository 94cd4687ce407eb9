/**
 * Answers as Mailosaur does, below the path `/mailosaur`: at the root, the same paths belong to Restante's own API.
 * Like Mailosaur, every call requires an API key.
 */
import type { FastifyInstance } from 'fastify';
import type { CompatDeps } from '../call.ts';
import { registerTool, type Tool } from '../door.ts';
import { failure } from './errors.ts';

const mailosaur: Tool = {
  name: 'mailosaur',
  paths: [],
  own: ['/api/*'],
  hasApiKey: true,
  load: async () => (await import('../calls.ts')).mailosaur,
  failure,
};

/** Registers the routes. `app` must have the base path of the server as its prefix. */
export async function mailosaurRoutes(app: FastifyInstance, deps: CompatDeps): Promise<void> {
  registerTool(app, deps, mailosaur);
}
