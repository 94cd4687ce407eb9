/**
 * The numbered changes of the schema. A change that was released is never edited: another schema needs another number.
 * The first node that starts applies the missing changes; a node refuses a schema with a higher number than it knows.
 */
import { tables } from './0001-tables.ts';
import { search } from './0002-search.ts';
import { nodes } from './0003-nodes.ts';
import { expunged } from './0004-expunged.ts';

/** The SQL of each version of the schema, in order; the first element is version 1. */
export const migrations: readonly string[] = [tables, search, nodes, expunged];
