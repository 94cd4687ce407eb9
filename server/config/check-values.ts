/** Kinds of option value that only the checks have. They are checked here, so that a bad one ends the start. */
import { parseFilterAddress } from '../checks/spam/address.ts';
import { hostAndPort } from './relay-values.ts';
import { single, ValueError, type Option } from './values.ts';

/** A daemon's `HOST:PORT`, or its Unix socket's path. */
export const daemon = single<string | null>('HOST:PORT', (text) => {
  try {
    parseFilterAddress(text);
    return text;
  } catch (error) {
    throw new ValueError(`cannot be used: ${(error as Error).message}`);
  }
});

/** `off`, `system`, or a DNS server. */
export function dnsSource(help: string): Option<string> {
  const server = hostAndPort(null, '');
  return {
    default: 'off',
    help,
    placeholder: 'off|system|HOST:PORT',
    repeatable: false,
    parse: (values) => {
      const text = values.at(-1) ?? '';
      return text === 'off' || text === 'system' ? text : (server.parse([text]) ?? 'off');
    },
  };
}
