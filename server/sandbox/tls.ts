/** Provides the TLS certificate that the configuration requests. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { SandboxConfig } from '../config/index.ts';
import { secureContext, type TlsMaterial } from '../net/tls/index.ts';
import { certificateProblems } from '../net/tls/identity-files.ts';
import { faultyTls, refusingHandshakes } from '../net/tls/faults.ts';
import { localAuthority, sharedAuthority, type SharedAuthority } from '../net/tls/local-authority.ts';
import { createdOnce } from '../store/cells.ts';
import type { Store } from '../store/store.ts';
import { OptionError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

/** The name of the directory with the local certificate authority, inside the data directory. */
const DIRECTORY = 'tls';
/** The key of the cell with the authority that servers share. */
const KEY = 'local';
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];

/** Returns the directory in which `--tls auto` stores its keys and certificates. */
export const tlsDirectory = (data: string): string => path.join(data, DIRECTORY);

/** Returns the host names and addresses that a certificate of `--tls auto` is valid for. */
export const certifiedHosts = (host: string): readonly string[] => [
  ...new Set([hostname(), ...LOCAL_NAMES, ...(/^(0\.0\.0\.0|::)$/.test(host) ? [] : [host])]),
];

/** Returns whether the configuration enables TLS. */
export const isTlsWanted = ({ tls, tlsCert, tlsKey, tlsFault }: SandboxConfig): boolean =>
  tls !== 'off' || tlsFault !== 'off' || (tlsCert !== null && tlsKey !== null);

/**
 * Returns the key and the certificate of the listeners, or `null` when TLS is off. Throws `OptionError` when
 * files cannot be read or do not belong together.
 *
 * @param data the data directory; if `null`, no file is written
 * @param store the store; if several servers use it, they share the local authority of `--tls auto`
 * @param report receives problems with certificates, and notices that a certificate was replaced, one line
 *   each
 */
export async function openTls(
  { tls, tlsCert, tlsKey, tlsFault, host }: SandboxConfig,
  data: string | null,
  store: Pick<Store, 'cells' | 'nodes'>,
  clock: () => number,
  report: (text: string) => void,
): Promise<TlsMaterial | null> {
  const hosts = certifiedHosts(host);
  if (tlsFault !== 'off' && tlsFault !== 'handshake') return faultyTls(tlsFault, hosts, clock);
  const material = await soundTls();
  return tlsFault === 'handshake' && material !== null ? refusingHandshakes(material) : material;

  async function soundTls(): Promise<TlsMaterial | null> {
    if (tlsCert !== null && tlsKey !== null) {
      const own = ownFiles(tlsCert, tlsKey);
      for (const problem of certificateProblems(new X509Certificate(own.cert), clock(), [], 0)) {
        report(`--tls-cert ${tlsCert} ${problem}: clients that verify certificates refuse it`);
      }
      return own;
    }
    if (tls === 'off' && tlsFault === 'off') return null;
    if (store.nodes.self !== undefined) {
      const authorities = store.cells.collection<SharedAuthority>('authority');
      return sharedAuthority({
        ...{ hosts, clock, report },
        stored: (isUsable, create) => createdOnce(authorities, KEY, create, isUsable),
      });
    }
    return localAuthority({
      directory: data === null ? null : tlsDirectory(data),
      hosts,
      clock,
      report,
    });
  }
}

/**
 * Returns the path of the file with the certificate of the local certificate authority, or with `--memory` its
 * URL; `null` if there is none.
 *
 * @param url the root URL of the API; `null` without a web listener
 */
export function authorityPlace(
  tls: TlsMaterial | null,
  data: string | null,
  url: string | null,
): string | null {
  if (tls?.ca == null) return null;
  if (data !== null) return path.join(tlsDirectory(data), 'ca.crt');
  return url === null ? null : new URL('api/ca.crt', url).href;
}

/** Returns advice for the developer on how to make a client trust the certificate. */
export function trustAdvice(
  { tlsFault, tlsCert, store }: Pick<SandboxConfig, 'tlsFault' | 'tlsCert' | 'store'>,
  data: string | null,
): string {
  if (tlsFault !== 'off')
    return `--tls-fault ${tlsFault} is set, so clients that verify certificates have to refuse it`;
  if (tlsCert !== null) return `let the client trust the issuer of ${tlsCert}`;
  if (data !== null) return `let the client trust ${path.join(tlsDirectory(data), 'ca.crt')}`;
  if (store !== null) return 'let the client trust the authority of all nodes, GET /api/ca.crt';
  return 'with --memory every start creates a new authority: use --data DIR, and let the client trust DIR/tls/ca.crt';
}

function ownFiles(certFile: string, keyFile: string): TlsMaterial {
  const material = { cert: readPem(certFile, '--tls-cert'), key: readPem(keyFile, '--tls-key') };
  try {
    secureContext(material);
  } catch (error) {
    throw new OptionError(
      `--tls-cert ${certFile} and --tls-key ${keyFile} cannot be used: ${(error as Error).message}`,
    );
  }
  return material;
}

function readPem(file: string, option: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`${option} ${file} cannot be read: ${systemWords(error)}`);
  }
  if (!text.includes('-----BEGIN ')) throw new OptionError(`${option} ${file} contains no PEM data`);
  return text;
}
