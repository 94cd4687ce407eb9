import { describe } from 'vitest';
import { storeConformance } from '../conformance.ts';
import { openMemory } from '../stores.ts';

describe('a store in memory', () => storeConformance(openMemory));
