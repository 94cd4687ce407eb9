/**
 * The kinds of option values that only the checks use. Values are validated when the configuration is read,
 * so that an invalid value prevents the start.
 */
import { parseFilterAddress } from '../checks/spam/address.ts';
import { hostAndPort } from './relay-values.ts';
import { single, ValueError, type Option } from './values.ts';

/** An option with the address of a daemon: `HOST:PORT`, or the path of the daemon's Unix socket. */
export const daemon = single<string | null>('HOST:PORT', (text) => {
  try {
    parseFilterAddress(text);
    return text;
  } catch (error) {
    throw new ValueError(`cannot be used: ${(error as Error).message}`);
  }
});

/** An option that selects the source of DNS answers: `off`, `system`, or the address of a DNS server. */
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
