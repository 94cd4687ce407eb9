/**
 * The REST contract: schemas, and the types derived from them. The server validates requests with the schemas and
 * generates OpenAPI from them; sdk and ui import the types. Instants are ISO 8601 in UTC, sizes are in octets, JSON
 * is in camelCase.
 */
export * from './schemas/messages.ts';
export * from './schemas/requests.ts';
export * from './schemas/accounts.ts';
export * from './schemas/rules.ts';
export * from './schemas/sessions.ts';
export * from './schemas/checks.ts';
export * from './schemas/deliveries.ts';
export * from './schemas/refusals.ts';
export * from './schemas/events.ts';
export * from './schemas/info.ts';
export * from './schemas/problems.ts';
export { NoContent } from './schemas/pieces.ts';
