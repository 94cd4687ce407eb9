/** Matches a file with one PEM block (RFC 7468) and nothing else. */
const ONE_BLOCK = /^\s*-----BEGIN ([A-Z ]+)-----\s[A-Za-z0-9+/=\s]+-----END \1-----\s*$/;

/**
 * Reads, checks and writes the private key and the certificate of an authority or a server, which are stored as
 * `NAME.key` and `NAME.crt`.
 */
import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import { systemWords } from '../system-words.ts';
import { privateKeyPem, type Identity } from './certificate.ts';

export type IdentityName = 'ca' | 'server';

/** The content of the key file and the certificate file; `null` for a file that is missing or damaged. */
export interface StoredIdentity {
  /** Whether neither the key file nor the certificate file exists. */
  readonly isMissing: boolean;
  readonly key: KeyObject | null;
  readonly certificate: X509Certificate | null;
  /** The problems with the files, one line each; empty also when both files are missing. */
  readonly problems: readonly string[];
  /**
   * One line for each file with data before or after its PEM block. OpenSSL ignores such data, so the files can be
   * used.
   */
  readonly surplus: readonly string[];
}

const NOTHING: StoredIdentity = {
  isMissing: true,
  key: null,
  certificate: null,
  problems: [],
  surplus: [],
};

/**
 * Reads the key file and the certificate file of an authority or a server. Never rejects: errors are returned
 * in `problems`.
 */
export async function readIdentityFiles(
  directory: string | null,
  name: IdentityName,
): Promise<StoredIdentity> {
  if (directory === null) return NOTHING;
  const problems: string[] = [];
  const surplus: string[] = [];
  const read = async <T>(file: string, parse: (text: string) => T): Promise<T | null> => {
    let text: string;
    try {
      text = await readFile(path.join(directory, file), 'utf8');
    } catch (error) {
      problems.push(`${file} cannot be read: ${systemWords(error)}`);
      return null;
    }
    try {
      const parsed = parse(text);
      if (!ONE_BLOCK.test(text)) surplus.push(`${file} contains data before or after its PEM block`);
      return parsed;
    } catch {
      problems.push(text.trim() === '' ? `${file} is empty` : `${file} is damaged`);
      return null;
    }
  };
  const key = await read(`${name}.key`, createPrivateKey);
  const certificate = await read(`${name}.crt`, (text) => new X509Certificate(text));
  const isMissing = problems.length === 2 && problems.every((problem) => problem.endsWith(MISSING));
  if (isMissing) return NOTHING;
  if (key !== null && certificate !== null && !certificate.checkPrivateKey(key)) {
    problems.push(`${name}.key and ${name}.crt do not belong together`);
    return { isMissing, key, certificate: null, problems, surplus };
  }
  return { isMissing, key, certificate, problems, surplus };
}

const MISSING = systemWords(Object.assign(new Error(), { code: 'ENOENT' }));

/**
 * Returns the key pair and the certificate; `null` when one of their files is missing or damaged.
 */
export function identityOf({ key, certificate }: StoredIdentity): Identity | null {
  if (key === null || certificate === null) return null;
  return {
    privateKey: key,
    publicKey: createPublicKey(key),
    name: certificate.subject.replace(/^CN=/, ''),
    certificate: certificate.toString(),
  };
}

const day = (text: string): string => new Date(text).toISOString().slice(0, 10);

/**
 * Returns the reasons why a certificate is invalid or will soon be invalid; an empty list for a valid certificate.
 *
 * @param spare milliseconds for which the certificate must still be valid
 */
export function certificateProblems(
  certificate: X509Certificate,
  now: number,
  hosts: readonly string[],
  spare: number,
): string[] {
  const { validFrom, validTo } = certificate;
  const covers = (host: string): boolean =>
    (isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host)) !==
    undefined;
  const missing = hosts.filter((host) => !covers(host));
  const end = Date.parse(validTo);
  return [
    ...(Date.parse(validFrom) > now ? [`is not valid before ${day(validFrom)}`] : []),
    ...(end <= now ? [`expired on ${day(validTo)}`] : []),
    ...(end > now && end - now <= spare ? [`expires on ${day(validTo)}`] : []),
    ...(missing.length > 0 ? [`does not name ${missing.join(', ')}`] : []),
  ];
}

/**
 * Writes a key and its certificate to their files. Throws the error of the file system; a file that could not
 * be replaced is unchanged.
 */
export async function writeIdentityFiles(
  directory: string,
  name: IdentityName,
  identity: Identity,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await replace(path.join(directory, `${name}.key`), privateKeyPem(identity), 0o600);
  await replace(path.join(directory, `${name}.crt`), identity.certificate, 0o644);
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  const part = `${file}.part`;
  await rm(part, { force: true, recursive: true });
  try {
    const target = await open(part, 'wx', mode);
    try {
      await target.writeFile(text);
      await target.datasync();
    } finally {
      await target.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/**
 * Renames key and certificate files that are damaged or about to be replaced, so that they stay beside the new
 * files.
 */
export async function setIdentityAside(directory: string, name: IdentityName, now: number): Promise<void> {
  const suffix = `.damaged-${new Date(now).toISOString().replace(/[-:.]/g, '')}`;
  for (const file of [`${name}.key`, `${name}.crt`]) {
    const full = path.join(directory, file);
    await rename(full, full + suffix).catch(() => undefined);
  }
}
