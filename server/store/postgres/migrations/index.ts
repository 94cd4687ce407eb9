/**
 * The numbered changes of the schema. A change that was released is never edited: another schema needs another number.
 * The first node that starts applies the missing changes; a node refuses a schema with a higher number than it knows.
 *
 * Nodes of the previous version still run while a change is applied, so a change only expands the schema: it adds tables,
 * indexes, and columns that are nullable or have a default. A column is dropped, renamed or given another meaning (the
 * schema is contracted) at the earliest one version after the version that no longer uses it. A change ends within
 * seconds on a large database, because commits wait for it; the background work does everything that takes longer.
 */
import { tables } from './0001-tables.ts';
import { search } from './0002-search.ts';
import { nodes } from './0003-nodes.ts';
import { expunged } from './0004-expunged.ts';

/** The SQL of each version of the schema, in order; the first element is version 1. */
export const migrations: readonly string[] = [tables, search, nodes, expunged];
