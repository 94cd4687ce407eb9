/**
 * `--tls auto`: an authority of this sandbox's own and a certificate that it signs, kept in the data directory so that a
 * client that trusts it once continues to do so. The certificate is replaced when it nears its end or when the names change.
 *
 * Whatever is replaced is reported with the consequence for clients. A damaged authority is only replaced where nothing
 * else is possible: as long as the certificate that it signed is good, the server uses that.
 */
import { createPublicKey, randomBytes, type KeyObject, type X509Certificate } from 'node:crypto';
import { systemWords } from '../system-words.ts';
import type { TlsMaterial } from '../tls.ts';
import { issue, privateKeyPem, type Identity } from './certificate.ts';
import {
  certificateProblems,
  identityOf,
  readIdentityFiles,
  setIdentityAside,
  writeIdentityFiles,
  type IdentityName,
  type StoredIdentity,
} from './identity-files.ts';

const DAY = 86_400_000;
const AUTHORITY_NAME = 'Restante local authority';
const AUTHORITY_DAYS = 3650;
/** Apple's systems refuse server certificates that are good for longer than 825 days. */
const CERTIFICATE_DAYS = 397;
/** Renewed when fewer days are left: no sandbox runs that long without a restart. */
const RENEW_DAYS = 30;
/** Days before now from which certificates are valid: clocks are set back, and those of clients are behind. */
const BACKDATED_DAYS = { ca: 365, server: 30 } as const;

const TRUSTED_AGAIN = 'clients that trusted the old authority must import tls/ca.crt again';

export interface LocalAuthorityOptions {
  /** Where key and certificate are kept; `null` keeps nothing. */
  readonly directory: string | null;
  /** Host names and addresses the certificate is good for. */
  readonly hosts: readonly string[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Receives what is wrong and what was replaced, line by line. */
  readonly report?: (text: string) => void;
  /** Whether a damaged authority is replaced even where the server can do without. */
  readonly replaceDamaged?: boolean;
}

interface World {
  readonly directory: string | null;
  readonly hosts: readonly string[];
  readonly now: number;
  readonly report: (text: string) => void;
  readonly replaceDamaged: boolean;
}

const materialOf = (server: Identity, authority: string): TlsMaterial => ({
  key: privateKeyPem(server),
  cert: server.certificate + authority,
  ca: authority,
});

/** Reads or makes the authority and the certificate. Never refuses what it finds, nor a directory that cannot be written. */
export async function localAuthority(options: LocalAuthorityOptions): Promise<TlsMaterial> {
  const { directory, hosts, clock, report = () => undefined, replaceDamaged = false } = options;
  const world: World = { directory, hosts, now: clock(), report, replaceDamaged };
  const ca = await readIdentityFiles(directory, 'ca');
  const server = await readIdentityFiles(directory, 'server');
  const kept = replaceDamaged ? null : withoutAuthorityKey(world, ca, server);
  if (kept !== null) return kept;
  const authority = await openAuthority(world, ca);
  return materialOf(await openServer(world, server, authority), authority.certificate);
}

/** The certificate that is there, where the authority cannot sign another one. */
function withoutAuthorityKey(world: World, ca: StoredIdentity, server: StoredIdentity): TlsMaterial | null {
  const identity = identityOf(server);
  if (ca.isMissing || ca.key !== null || ca.certificate === null || identity === null) return null;
  const authority = ca.certificate;
  const wrong = [
    ...problemsOf(server.certificate, 'server', world, authority.publicKey),
    ...problemsOf(authority, 'ca', world, null),
  ];
  if (wrong.length > 0) return null;
  const until = server.certificate?.validTo ?? '';
  world.report(
    `${ca.problems.join('; ')}: the authority can sign no more. Its certificate for this server is good until ${until} ` +
      `and stays in use. restante doctor --repair makes a new authority; ${TRUSTED_AGAIN} then`,
  );
  return materialOf(identity, authority.toString());
}

function problemsOf(
  certificate: X509Certificate | null,
  name: IdentityName,
  { now, hosts }: World,
  issuer: KeyObject | null,
): string[] {
  if (certificate === null) return [];
  const problems = certificateProblems(certificate, now, name === 'ca' ? [] : hosts, RENEW_DAYS * DAY);
  const isForeign = issuer !== null && !certificate.verify(issuer);
  return [...problems, ...(isForeign ? ['is not signed by the authority'] : [])].map(
    (problem) => `${name}.crt ${problem}`,
  );
}

async function openAuthority(world: World, ca: StoredIdentity): Promise<Identity> {
  const stored = identityOf(ca);
  const problems = [...ca.problems, ...problemsOf(ca.certificate, 'ca', world, null)];
  if (stored !== null && problems.length === 0) return stored;
  const keys = ca.key === null ? undefined : { privateKey: ca.key, publicKey: createPublicKey(ca.key) };
  const made = await issue({ name: AUTHORITY_NAME, hosts: [], keys, ...validity(world, 'ca') });
  if (!ca.isMissing) {
    const what =
      keys === undefined
        ? `a new authority is made: ${TRUSTED_AGAIN}`
        : `the authority has a new certificate for its old key: ${TRUSTED_AGAIN}, unless they go by its key`;
    world.report(`${problems.join('; ')}; ${what}`);
  }
  await keep(world, 'ca', made, ca);
  return made;
}

async function openServer(world: World, server: StoredIdentity, authority: Identity): Promise<Identity> {
  const stored = identityOf(server);
  const problems = [
    ...server.problems,
    ...problemsOf(server.certificate, 'server', world, authority.publicKey),
  ];
  if (stored !== null && problems.length === 0) return stored;
  const { hosts } = world;
  const request = { name: hosts[0] ?? 'localhost', hosts, ...validity(world, 'server') };
  const made = await issue(request, authority);
  if (!server.isMissing) {
    world.report(
      `${problems.join('; ')}; the server has a new certificate: clients that trust tls/ca.crt need not do anything`,
    );
  }
  await keep(world, 'server', made, server);
  return made;
}

function validity({ now }: World, name: IdentityName) {
  const days = name === 'ca' ? AUTHORITY_DAYS : CERTIFICATE_DAYS;
  return {
    notBefore: new Date(now - BACKDATED_DAYS[name] * DAY),
    notAfter: new Date(now + days * DAY),
    randomBytes,
  };
}

async function keep(
  { directory, now, report }: World,
  name: IdentityName,
  identity: Identity,
  before: StoredIdentity,
): Promise<void> {
  if (directory === null) return;
  try {
    if (before.problems.length > 0) await setIdentityAside(directory, name, now);
    await writeIdentityFiles(directory, name, identity);
  } catch (error) {
    report(
      `${name}.key and ${name}.crt cannot be stored, the next start makes others: ${systemWords(error)}`,
    );
  }
}

/** What is wrong with the files of `--tls auto`, one line each; nothing where there are none. */
export async function examineAuthority({
  directory,
  hosts,
  clock,
}: LocalAuthorityOptions): Promise<readonly string[]> {
  const world: World = { directory, hosts, now: clock(), report: () => undefined, replaceDamaged: false };
  const ca = await readIdentityFiles(directory, 'ca');
  const server = await readIdentityFiles(directory, 'server');
  return [
    ...ca.problems,
    ...(ca.isMissing && !server.isMissing ? ['ca.key and ca.crt are missing'] : []),
    ...problemsOf(ca.certificate, 'ca', world, null),
    ...server.problems,
    ...problemsOf(server.certificate, 'server', world, ca.certificate?.publicKey ?? null),
  ];
}
