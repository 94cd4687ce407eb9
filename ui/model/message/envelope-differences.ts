/**
 * Finds differences between the envelope, which determines who receives a message, and the header, which the
 * reader sees.
 */
import type { Detail } from '../../../contract/index.ts';
import { addressKey } from '../../../contract/text/address.ts';
import { strings as s } from '../../strings.ts';

export function envelopeDifferences({ envelope, from, to, cc, headers }: Detail): string[] {
  const said: string[] = [];
  const authors = from.map(({ address }) => address);
  const sender = headers.find(({ name }) => name.toLowerCase() === 'sender')?.value ?? '';
  const isAuthor =
    keys(authors).has(addressKey(envelope.from)) || addressKey(sender).includes(addressKey(envelope.from));
  if (authors.length > 0 && !isAuthor) {
    said.push(s.session.senderDiffers(envelope.from || '<>', authors.join(', ')));
  }
  const named = [...to, ...cc].map(({ address }) => address);
  for (const address of without(envelope.to, named)) said.push(s.session.blind(address));
  for (const address of without(named, envelope.to)) said.push(s.session.unaddressed(address));
  return said;
}

const keys = (addresses: readonly string[]): Set<string> => new Set(addresses.map(addressKey));

/**
 * Returns the addresses that are not in `others`, each once and in lower case. Different spellings of one
 * address are treated as equal.
 */
function without(addresses: readonly string[], others: readonly string[]): string[] {
  const known = keys(others);
  return addresses.flatMap((address) => {
    const key = addressKey(address);
    if (known.has(key)) return [];
    known.add(key);
    return [address.trim().toLowerCase()];
  });
}
