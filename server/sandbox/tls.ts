/** The certificate that a configuration asks for. */
import { readFileSync } from 'node:fs';
import type { SandboxConfig } from '../config.ts';
import { StartError } from './start-error.ts';

export interface TlsMaterial {
  /** PEM. */
  readonly key: string;
  /** PEM: the certificate and what chains it. */
  readonly cert: string;
}

/** `null` where TLS is off. Throws `StartError` when the files cannot be read. */
export function readTls({ tlsCert, tlsKey }: SandboxConfig): TlsMaterial | null {
  if (tlsCert === null || tlsKey === null) return null;
  return { cert: readPem(tlsCert, '--tls-cert'), key: readPem(tlsKey, '--tls-key') };
}

function readPem(file: string, option: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`${option} ${file} cannot be read: ${(error as Error).message}`);
  }
  if (!text.includes('-----BEGIN ')) throw new StartError(`${option} ${file} holds no PEM`);
  return text;
}
