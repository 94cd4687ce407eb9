/** The certificate that a configuration asks for. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { SandboxConfig } from '../config/index.ts';
import { secureContext, type TlsMaterial } from '../net/tls/index.ts';
import { certificateProblems } from '../net/tls/identity-files.ts';
import { faultyTls, refusingHandshakes } from '../net/tls/faults.ts';
import { localAuthority } from '../net/tls/local-authority.ts';
import { StartError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

/** Where the local authority lies in the data directory. */
const DIRECTORY = 'tls';
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];

/** Where `--tls auto` keeps its files. */
export const tlsDirectory = (data: string): string => path.join(data, DIRECTORY);

/** The names that a certificate of `--tls auto` is good for. */
export const certifiedHosts = (host: string): readonly string[] => [
  ...new Set([hostname(), ...LOCAL_NAMES, ...(/^(0\.0\.0\.0|::)$/.test(host) ? [] : [host])]),
];

/**
 * `null` where TLS is off. Throws `StartError` when files cannot be read or do not belong together.
 * @param data the data directory; `null` keeps nothing
 * @param report receives what is wrong with certificates, and which were replaced
 */
export async function openTls(
  { tls, tlsCert, tlsKey, tlsFault, host }: SandboxConfig,
  data: string | null,
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
        report(`--tls-cert ${tlsCert} ${problem}: careful clients refuse it`);
      }
      return own;
    }
    if (tls === 'off' && tlsFault === 'off') return null;
    return localAuthority({
      directory: data === null ? null : tlsDirectory(data),
      hosts,
      clock,
      report,
    });
  }
}

/** What makes a client trust the certificate, for the developer whose client does not. */
export function trustAdvice(
  { tlsFault, tlsCert }: Pick<SandboxConfig, 'tlsFault' | 'tlsCert'>,
  data: string | null,
): string {
  if (tlsFault !== 'off') return `--tls-fault ${tlsFault} is set, so a careful client has to`;
  if (tlsCert !== null) return `let the client trust the issuer of ${tlsCert}`;
  if (data !== null) return `let the client trust ${path.join(tlsDirectory(data), 'ca.crt')}`;
  return 'with --memory every start has another authority: use --data DIR, and let the client trust DIR/tls/ca.crt';
}

function ownFiles(certFile: string, keyFile: string): TlsMaterial {
  const material = { cert: readPem(certFile, '--tls-cert'), key: readPem(keyFile, '--tls-key') };
  try {
    secureContext(material);
  } catch (error) {
    throw new StartError(
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
    throw new StartError(`${option} ${file} cannot be read: ${systemWords(error)}`);
  }
  if (!text.includes('-----BEGIN ')) throw new StartError(`${option} ${file} holds no PEM`);
  return text;
}
