/**
 * The authenticity check: SPF, DKIM, DMARC, ARC and BIMI by mailauth, as a receiver would see the message that comes
 * from an address of one's choice; against a zone that somebody wrote, or the DNS where that may be asked.
 */
import type { LiveCheck } from '../check.ts';
import { lazily } from '../lazily.ts';
import type { AuthenticityOptions } from './judge.ts';

const MISSING =
  'Give the DNS records to check against, or start the server with --check-zone FILE or --check-dns system';

export const authenticity = (options: AuthenticityOptions): LiveCheck =>
  lazily(
    'authenticity',
    ({ zone }) => (zone === undefined && options.zone === null && options.dns === 'off' ? MISSING : null),
    async () => (await import('./judge.ts')).judge(options),
  );
