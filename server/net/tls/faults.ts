/**
 * Creates certificates that a client must refuse, with which developers can test the error handling of a
 * client.
 */
import { randomBytes } from 'node:crypto';
import type { TlsFault } from './fault-names.ts';
import type { TlsMaterial } from './index.ts';
import { issue, privateKeyPem } from './certificate.ts';

const DAY = 86_400_000;

export type { TlsFault } from './fault-names.ts';

/**
 * Creates a key and a certificate with the given fault.
 *
 * @param hosts host names and addresses that a valid certificate would contain
 * @param clock returns the current time in milliseconds since the epoch
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

/**
 * Returns TLS options with which every handshake fails: the only offered cipher is one that clients do not
 * offer by default (RFC 8446 §4.1.2).
 */
export const refusingHandshakes = (material: TlsMaterial): TlsMaterial => ({
  ...material,
  ciphers: 'TLS_AES_128_CCM_8_SHA256',
  minVersion: 'TLSv1.3',
});
