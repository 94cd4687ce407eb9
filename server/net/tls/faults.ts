/** Certificates that a careful client must refuse: for tests of what it does then. */
import { randomBytes } from 'node:crypto';
import type { TlsFault } from './fault-names.ts';
import type { TlsMaterial } from '../tls.ts';
import { issue, privateKeyPem } from './certificate.ts';

const DAY = 86_400_000;

export type { TlsFault } from './fault-names.ts';

/**
 * @param hosts what a good certificate would be for.
 * @param clock milliseconds since the epoch.
 */
export async function faultyTls(
  fault: TlsFault,
  hosts: readonly string[],
  clock: () => number,
): Promise<TlsMaterial> {
  const now = clock();
  const days = (from: number, to: number) => ({
    notBefore: new Date(now + from * DAY),
    notAfter: new Date(now + to * DAY),
    randomBytes,
  });
  const authority = await issue({ name: 'Restante local authority', hosts: [], ...days(-400, 400) });
  const window = fault === 'expired' ? days(-60, -1) : fault === 'not-yet-valid' ? days(1, 60) : days(-1, 60);
  const names = fault === 'wrong-host' ? ['wrong.host.invalid'] : hosts;
  const request = { name: names[0] ?? 'localhost', hosts: names, ...window };
  const server = await issue(request, fault === 'self-signed' ? undefined : authority);
  const chain = fault === 'self-signed' ? '' : authority.certificate;
  return {
    key: privateKeyPem(server),
    cert: server.certificate + chain,
    ca: fault === 'self-signed' ? null : authority.certificate,
  };
}

/** Lets no handshake succeed: what it has to offer, clients know of and never ask for (RFC 8446 §4.1.2). */
export const refusingHandshakes = (material: TlsMaterial): TlsMaterial => ({
  ...material,
  ciphers: 'TLS_AES_128_CCM_8_SHA256',
  minVersion: 'TLSv1.3',
});
