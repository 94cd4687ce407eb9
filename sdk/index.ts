/** The test SDK: a typed client for a running sandbox. */
export { createClient, type Client, type ClientOptions } from './client.ts';
export { RestanteError, WaitTimeoutError } from './errors.ts';
export type { EventOptions, EventStream } from './events.ts';
export type * from '../server/api/contract.ts';
