/** Kinds of option value that only listeners have. */
import { list, quote, ValueError } from './values.ts';

/** A further SMTP or LMTP listener. */
export interface ExtraListener {
  readonly protocol: 'smtp' | 'smtps' | 'lmtp';
  readonly host: string;
  /** `0` is any free port. */
  readonly port: number;
  /** Path of a Unix socket, in place of host and port. */
  readonly path: string | null;
}

const LISTENER = /^(smtp|smtps|lmtp):\/\/(?:unix:(\/.+)|(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5}))$/i;

export const extraListeners = list('URL', (text): ExtraListener => {
  const [, protocol = '', path, ipv6, host, port] = LISTENER.exec(text) ?? [];
  if (protocol === '' || Number(port ?? 0) > 65_535) {
    throw new ValueError(
      `is written smtp://HOST:PORT, smtps://HOST:PORT, lmtp://HOST:PORT or smtp://unix:/PATH, not ${quote(text)}`,
    );
  }
  return {
    protocol: protocol.toLowerCase() as ExtraListener['protocol'],
    host: ipv6 ?? host ?? '',
    port: Number(port ?? 0),
    path: path ?? null,
  };
});
