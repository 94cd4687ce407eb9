/**
 * The kinds of option values that only the checks use. Values are validated when they are read, so that an invalid
 * one prevents the start.
 */
import { parseFilterAddress } from '../checks/spam/address.ts';
import { hostAndPort } from './relay-values.ts';
import { single, ValueError, type Option } from './values.ts';

/** The address of a daemon: `HOST:PORT`, or the path of its Unix socket. */
export const daemon = single<string | null>('HOST:PORT', (text) => {
  try {
    parseFilterAddress(text);
    return text;
  } catch (error) {
    throw new ValueError(`cannot be used: ${(error as Error).message}`);
  }
});

/** The source of DNS answers: `off`, `system`, or the address of a DNS server. */
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
