/**
 * The authenticity check evaluates SPF, DKIM, DMARC, ARC and BIMI with the library mailauth, as a receiver of
 * the message would, for a presumed sender address. DNS records are read from a zone file, or from the DNS if
 * that is allowed.
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
