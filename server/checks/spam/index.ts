/**
 * The spam check sends a message to SpamAssassin and Rspamd, and reports the rules of these filters that the
 * message matched, with their points.
 */
import type { LiveCheck } from '../check.ts';
import { lazily } from '../lazily.ts';
import type { SpamOptions } from './ask.ts';

const MISSING =
  'No filter is configured: start the server with --check-spamd HOST:PORT or --check-rspamd HOST:PORT';

export const spam = (options: SpamOptions): LiveCheck =>
  lazily(
    'spam',
    () => (options.spamd === null && options.rspamd === null ? MISSING : null),
    async () => (await import('./ask.ts')).askFilters(options),
  );
