/** Responses of Mailpit that several calls send. */
import { CallError, type Answer } from '../answer.ts';

/** The response to every call that changes something. */
export const OK: Answer = { type: 'text/plain', body: 'ok' };

/**
 * The two errors for a message that does not exist: most calls report the first, and calls for the latest
 * message report the second.
 */
export const notFound = (): CallError => new CallError('404 page not found', 404);
export const noMessage = (): CallError => new CallError('Message not found', 404);
