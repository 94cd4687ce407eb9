/** Recognizes the errors that mean that the database does not serve this node at the moment. */
import { StoreError } from '../store.ts';

/** Classes of SQLSTATE (its first two characters) that mean that no statement is served. */
const CLASSES: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '53': 'it has no resources left',
  '57': 'it is shutting down or starting',
  '58': 'its system fails',
};

const STATES: Readonly<Record<string, string>> = {
  '25P03': 'it waited too long for this node',
  '53300': 'it has too many connections',
  '55P03': 'other nodes hold its lock for too long',
  '57014': 'a statement took too long',
};

/** SQLSTATE codes of databases that can be read, but not written. */
const UNWRITABLE: Readonly<Record<string, string>> = {
  '25006': 'it is read-only, such as a standby',
  '53100': 'its disk is full',
};

/** SQLSTATE codes of prepared statements that a connection pooler has lost, or prepared twice. */
const LOST_STATEMENT: readonly string[] = ['26000', '42P05'];
const POOLER =
  'its connection pooler loses prepared statements; in transaction mode, PgBouncer must be 1.21 or newer with max_prepared_statements, otherwise use its session mode';

/** Matches the messages of the driver for a lost connection and for a statement without an answer. */
const DRIVER =
  /connection (?:terminated|timeout)|timeout exceeded|read timeout|client (?:has encountered|was closed)|not queryable/i;

/** Returns the SQLSTATE of an error of the database, or the code of an error of the system; empty for other errors. */
export const stateOf = (error: unknown): string => {
  const code: unknown = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/**
 * Matches a SQLSTATE code. Such a code contains a digit, unlike error codes of the operating system such as EPIPE.
 */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

function reasonOf(error: unknown): string | undefined {
  const code = stateOf(error);
  if (SQLSTATE.test(code)) return STATES[code] ?? CLASSES[code.slice(0, 2)];
  const text = error instanceof Error ? error.message : String(error);
  if (/^E[A-Z]+$/.test(code)) return text === '' ? code : text;
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return DRIVER.test(text) ? text : undefined;
}

/**
 * Returns the `unavailable` error if the database could not be reached or does not serve requests, the `unwritable`
 * error if it can only be read; `undefined` for any other error, such as a wrong statement.
 */
export function unavailable(error: unknown): StoreError | undefined {
  if (error instanceof StoreError)
    return error.code === 'unavailable' || error.code === 'unwritable' ? error : undefined;
  const unwritable = UNWRITABLE[stateOf(error)];
  if (unwritable !== undefined)
    return new StoreError('unwritable', `The database cannot be written: ${unwritable}`, { cause: error });
  if (LOST_STATEMENT.includes(stateOf(error)))
    return new StoreError('unwritable', `The database cannot be used: ${POOLER}`, { cause: error });
  const reason = reasonOf(error);
  if (reason === undefined) return undefined;
  return new StoreError('unavailable', `The database does not answer: ${reason}`, { cause: error });
}
