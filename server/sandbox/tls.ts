/** The certificate that a configuration asks for. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { SandboxConfig } from '../config.ts';
import { secureContext, type TlsMaterial } from '../net/tls.ts';
import { faultyTls, refusingHandshakes } from '../net/tls/faults.ts';
import { localAuthority } from '../net/tls/local-authority.ts';
import { StartError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

/** Where the local authority lies in the data directory. */
const DIRECTORY = 'tls';
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];

/**
 * `null` where TLS is off. Throws `StartError` when files cannot be read or do not belong together.
 * @param data the data directory; `null` keeps nothing
 */
export async function openTls(
  { tls, tlsCert, tlsKey, tlsFault, host }: SandboxConfig,
  data: string | null,
  clock: () => number,
): Promise<TlsMaterial | null> {
  const hosts = [...new Set([hostname(), ...LOCAL_NAMES, ...(/^(0\.0\.0\.0|::)$/.test(host) ? [] : [host])])];
  if (tlsFault !== 'off' && tlsFault !== 'handshake') return faultyTls(tlsFault, hosts, clock);
  const material = await soundTls();
  return tlsFault === 'handshake' && material !== null ? refusingHandshakes(material) : material;

  async function soundTls(): Promise<TlsMaterial | null> {
    if (tlsCert !== null && tlsKey !== null) return ownFiles(tlsCert, tlsKey);
    if (tls === 'off' && tlsFault === 'off') return null;
    return localAuthority({
      directory: data === null ? null : path.join(data, DIRECTORY),
      hosts,
      clock,
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
  if (data !== null) return `let the client trust ${path.join(data, DIRECTORY, 'ca.crt')}`;
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
