/** The kinds of option values that only the listeners use. */
import { list, quote, ValueError } from './values.ts';

/** An additional SMTP or LMTP listener. */
export interface ExtraListener {
  readonly protocol: 'smtp' | 'smtps' | 'lmtp';
  readonly host: string;
  /** The port to listen on; 0 selects a free port. */
  readonly port: number;
  /** The path of a Unix socket; `null` for a listener on host and port. */
  readonly path: string | null;
}

const LISTENER = /^(smtp|smtps|lmtp):\/\/(?:unix:(\/.+)|(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5}))$/i;

export const extraListeners = list('URL', (text): ExtraListener => {
  const [, protocol = '', path, ipv6, host, port] = LISTENER.exec(text) ?? [];
  if (protocol === '' || Number(port ?? 0) > 65_535) {
    throw new ValueError(
      `must be smtp://HOST:PORT, smtps://HOST:PORT, lmtp://HOST:PORT or smtp://unix:/PATH, not ${quote(text)}`,
    );
  }
  return {
    protocol: protocol.toLowerCase() as ExtraListener['protocol'],
    host: ipv6 ?? host ?? '',
    port: Number(port ?? 0),
    path: path ?? null,
  };
});
