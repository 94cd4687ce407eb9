/** The test SDK: a sandbox of one's own or elsewhere, inboxes that wait, and the typed client beneath. */
export { startSandbox, type StartOptions } from './start.ts';
export * from './browser.ts';
