/**
 * The REST contract: schemas, and the types derived from them. The server validates with them, OpenAPI is made
 * from them, and the sdk and the ui import the types (nothing else from the server). Instants are ISO 8601 in
 * UTC, sizes are octets, JSON is camelCase.
 */
export * from './contract/messages.ts';
export * from './contract/requests.ts';
export * from './contract/accounts.ts';
export * from './contract/rules.ts';
export * from './contract/sessions.ts';
export * from './contract/checks.ts';
export * from './contract/deliveries.ts';
export * from './contract/refusals.ts';
export * from './contract/events.ts';
export * from './contract/info.ts';
