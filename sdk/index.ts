/**
 * The main entry of the test SDK: starts a sandbox or connects to a running one, waits for mail in inboxes,
 * and exports the typed client of the REST API.
 */
export { startSandbox, type StartOptions } from './start.ts';
export * from './browser.ts';
