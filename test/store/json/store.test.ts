import { describe } from 'vitest';
import { storeConformance } from '../conformance.ts';
import { messagesSuite } from '../conformance/messages.ts';
import { openIn, openJson, temporaryDirectory } from '../stores.ts';

describe('a store on disk', () => storeConformance(openJson));

describe('a store on disk with fsync', () =>
  messagesSuite((options) => openIn(temporaryDirectory(), { ...options, fsync: true })));
