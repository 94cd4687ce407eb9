/**
 * Implements `--tls auto`: a local certificate authority of this sandbox and a server certificate that it
 * signs. Both are stored in the data directory, so that a client has to trust the authority only once. The
 * server certificate is replaced when it is about to expire or when the host names change.
 *
 * Every replacement is reported together with its consequence for clients. A damaged authority is replaced only
 * when necessary: the server uses the existing server certificate while it is valid.
 */
import { createPrivateKey, createPublicKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { systemWords } from '../system-words.ts';
import type { TlsMaterial } from './index.ts';
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
/**
 * The lifetime of a server certificate in days. Apple's systems refuse server certificates with a lifetime of
 * more than 825 days.
 */
const CERTIFICATE_DAYS = 397;
/**
 * The number of days for which a certificate must still be valid when the sandbox starts; otherwise it is renewed. A
 * sandbox is usually restarted within that time.
 */
const RENEW_DAYS = 30;
/**
 * Number of days by which a certificate is backdated: its validity begins before its creation, because clocks may
 * be set back, and the clocks of clients may be slow.
 */
const BACKDATED_DAYS = { ca: 365, server: 30 } as const;

const TRUSTED_AGAIN = 'clients that trusted the old authority must import tls/ca.crt again';

export interface LocalAuthorityOptions {
  /** The directory in which keys and certificates are stored; with `null`, they are not stored. */
  readonly directory: string | null;
  /** The host names and IP addresses for which the server certificate is valid. */
  readonly hosts: readonly string[];
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The function that is called with a line of text for each problem and for each replaced certificate. */
  readonly report?: (text: string) => void;
  /** Whether a damaged authority is replaced even when the server can still use its existing certificate. */
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

/**
 * Reads or creates the authority and the server certificate. Does not reject because of damaged files or of a
 * directory that cannot be written.
 */
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

/** An authority in the form in which it is stored for several servers: its private key and its certificate in PEM. */
export interface SharedAuthority {
  readonly key: string;
  readonly certificate: string;
}

export interface SharedAuthorityOptions extends Pick<LocalAuthorityOptions, 'hosts' | 'clock' | 'report'> {
  /**
   * Returns the stored authority. If there is none, or if `isUsable` returns false for it, stores the authority that
   * `create` makes, unless another server has stored an authority meanwhile.
   */
  readonly stored: (
    isUsable: (authority: SharedAuthority) => boolean,
    create: () => Promise<SharedAuthority>,
  ) => Promise<SharedAuthority>;
}

/**
 * Reads or creates the authority that all servers on one store share, and creates a certificate for this server that
 * the authority signs.
 */
export async function sharedAuthority(options: SharedAuthorityOptions): Promise<TlsMaterial> {
  const { hosts, clock, stored, report = () => undefined } = options;
  const world: World = { directory: null, hosts, now: clock(), report, replaceDamaged: false };
  const { key, certificate } = await stored(
    (authority) => problemsOf(new X509Certificate(authority.certificate), 'ca', world, null).length === 0,
    async () => {
      const made = await issue({ name: AUTHORITY_NAME, hosts: [], ...validity(world, 'ca') });
      return { key: privateKeyPem(made), certificate: made.certificate };
    },
  );
  const authority = identityOf({
    ...{ isMissing: false, problems: [], surplus: [] },
    key: createPrivateKey(key),
    certificate: new X509Certificate(certificate),
  });
  if (authority === null) throw new Error('The key and the certificate of the shared authority do not match');
  const request = { name: hosts[0] ?? 'localhost', hosts, ...validity(world, 'server') };
  return materialOf(await issue(request, authority), certificate);
}

/**
 * Returns the existing server certificate when the private key of the authority is missing and the certificate
 * is still valid; otherwise `null`.
 */
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
    `${ca.problems.join('; ')}: the authority cannot sign certificates any more. Its certificate for this server is valid until ${until} ` +
      `and stays in use. Run restante doctor --repair to create a new authority; ${TRUSTED_AGAIN} then`,
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
  if (stored !== null && problems.length === 0) return withoutSurplus(world, 'ca', stored, ca);
  const keys = ca.key === null ? undefined : { privateKey: ca.key, publicKey: createPublicKey(ca.key) };
  const made = await issue({ name: AUTHORITY_NAME, hosts: [], keys, ...validity(world, 'ca') });
  if (!ca.isMissing) {
    const what =
      keys === undefined
        ? `a new authority is created: ${TRUSTED_AGAIN}`
        : `the authority has a new certificate for its old key: ${TRUSTED_AGAIN}, unless they check only its key`;
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
  if (stored !== null && problems.length === 0) return withoutSurplus(world, 'server', stored, server);
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
      `${name}.key and ${name}.crt cannot be stored, so the next start will create new ones: ${systemWords(error)}`,
    );
  }
}

/** Returns the problems with the files of `--tls auto`, one line each; an empty list when there are no files. */
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
    ...ca.surplus,
    ...(ca.isMissing && !server.isMissing ? ['ca.key and ca.crt are missing'] : []),
    ...problemsOf(ca.certificate, 'ca', world, null),
    ...server.problems,
    ...server.surplus,
    ...problemsOf(server.certificate, 'server', world, ca.certificate?.publicKey ?? null),
  ];
}

/**
 * With `replaceDamaged`, rewrites the files of a key and its certificate if they contain data outside their PEM
 * blocks.
 */
async function withoutSurplus(
  world: World,
  name: IdentityName,
  identity: Identity,
  { surplus }: StoredIdentity,
): Promise<Identity> {
  if (world.directory === null || !world.replaceDamaged || surplus.length === 0) return identity;
  await setIdentityAside(world.directory, name, world.now);
  await writeIdentityFiles(world.directory, name, identity);
  world.report(`${surplus.join('; ')}; the files are written again with the same key and certificate`);
  return identity;
}
