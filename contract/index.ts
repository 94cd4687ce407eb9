/**
 * The contract of the REST API: schemas, and the types derived from the schemas. The server validates requests with
 * the schemas and generates the OpenAPI document from them; sdk and ui import the types. Instants are ISO 8601 in
 * UTC, sizes are in octets, names of JSON members are in camelCase.
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
