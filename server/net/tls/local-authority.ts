/**
 * `--tls auto`: an authority of this sandbox's own and a certificate it signs, kept in the data directory so that a
 * client that was told to trust it once goes on trusting it. The certificate is made anew when it nears its end or
 * the names change; the authority when it nears its own.
 */
import { createPrivateKey, createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import type { TlsMaterial } from '../tls.ts';
import { issue, privateKeyPem, type Identity } from './certificate.ts';

const DAY = 86_400_000;
const AUTHORITY_NAME = 'Restante local authority';
const AUTHORITY_DAYS = 3650;
/** Apple's systems refuse server certificates that are good for longer than 825 days. */
const CERTIFICATE_DAYS = 397;
/** Renewed when fewer days are left: no sandbox runs that long without a restart. */
const RENEW_DAYS = 30;

export interface LocalAuthorityOptions {
  /** Where key and certificate are kept; `null` keeps nothing. */
  readonly directory: string | null;
  /** Host names and addresses the certificate is good for. */
  readonly hosts: readonly string[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Never refuses what it finds on disk: what cannot be read is made anew. */
async function readIdentity(directory: string | null, name: string): Promise<Identity | null> {
  if (directory === null) return null;
  try {
    const certificate = await readFile(path.join(directory, `${name}.crt`), 'utf8');
    const privateKey = createPrivateKey(await readFile(path.join(directory, `${name}.key`), 'utf8'));
    const x509 = new X509Certificate(certificate);
    if (!x509.checkPrivateKey(privateKey)) return null;
    return { privateKey, publicKey: createPublicKey(privateKey), name: commonName(x509), certificate };
  } catch {
    return null;
  }
}

const commonName = (certificate: X509Certificate): string => certificate.subject.replace(/^CN=/, '');

async function keep(directory: string | null, name: string, identity: Identity): Promise<void> {
  if (directory === null) return;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path.join(directory, `${name}.key`), privateKeyPem(identity), { mode: 0o600 });
  await writeFile(path.join(directory, `${name}.crt`), identity.certificate);
}

function isGood(identity: Identity, now: number, hosts: readonly string[], issuer: Identity | null): boolean {
  const x509 = new X509Certificate(identity.certificate);
  const left = Date.parse(x509.validTo) - now;
  const covers = (host: string): boolean =>
    (isIP(host) === 0 ? x509.checkHost(host, { subject: 'never' }) : x509.checkIP(host)) !== undefined;
  return left > RENEW_DAYS * DAY && hosts.every(covers) && (issuer === null || x509.verify(issuer.publicKey));
}

/** Reads or makes the authority and the certificate. */
export async function localAuthority({
  directory,
  hosts,
  clock,
}: LocalAuthorityOptions): Promise<TlsMaterial> {
  const now = clock();
  const valid = (days: number) => ({
    // A client whose clock is a little behind is no reason to fail.
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + days * DAY),
    randomBytes,
  });
  let authority = await readIdentity(directory, 'ca');
  if (authority === null || !isGood(authority, now, [], null)) {
    authority = await issue({ name: AUTHORITY_NAME, hosts: [], ...valid(AUTHORITY_DAYS) });
    await keep(directory, 'ca', authority);
  }
  let server = await readIdentity(directory, 'server');
  if (server === null || !isGood(server, now, hosts, authority)) {
    server = await issue({ name: hosts[0] ?? 'localhost', hosts, ...valid(CERTIFICATE_DAYS) }, authority);
    await keep(directory, 'server', server);
  }
  return {
    key: privateKeyPem(server),
    cert: server.certificate + authority.certificate,
    ca: authority.certificate,
  };
}
