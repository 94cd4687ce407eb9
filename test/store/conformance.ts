/**
 * The tests that every implementation of the store must pass: the test file of each implementation calls them with
 * its own `open`.
 */
import { describe } from 'vitest';
import type { StoreOptions } from '../../server/store/options.ts';
import type { Store } from '../../server/store/store.ts';
import { accountsSuite } from './conformance/accounts.ts';
import { changesSuite } from './conformance/changes.ts';
import { listsSuite } from './conformance/lists.ts';
import { mailboxesSuite } from './conformance/mailboxes.ts';
import { messagesSuite } from './conformance/messages.ts';
import { placementsSuite } from './conformance/placements.ts';
import { recordsSuite } from './conformance/records.ts';
import { retentionSuite } from './conformance/retention.ts';
import { sharedSuite } from './conformance/shared.ts';

/** Opens an empty store that is closed when the running test ends. */
export type OpenStore = (options?: StoreOptions) => Promise<Store>;

export function storeConformance(open: OpenStore): void {
  describe('messages', () => messagesSuite(open));
  describe('lists', () => listsSuite(open));
  describe('accounts', () => accountsSuite(open));
  describe('mailboxes', () => mailboxesSuite(open));
  describe('placements', () => placementsSuite(open));
  describe('changes', () => changesSuite(open));
  describe('records and facts', () => recordsSuite(open));
  describe('state shared by servers', () => sharedSuite(open));
  describe('retention', () => retentionSuite(open));
}
