/** Where the envelope, which decides who receives a message, and the headers, which readers see, do not say the same. */
import type { Detail } from '../../../server/api/contract.ts';
import { strings as s } from '../../strings.ts';

const same = (address: string): string => address.trim().toLowerCase();

export function envelopeDifferences({ envelope, from, to, cc, headers }: Detail): string[] {
  const said: string[] = [];
  const authors = from.map(({ address }) => same(address));
  const sender = headers.find(({ name }) => name.toLowerCase() === 'sender')?.value ?? '';
  const isAuthor = authors.includes(same(envelope.from)) || same(sender).includes(same(envelope.from));
  if (authors.length > 0 && !isAuthor) {
    said.push(s.session.senderDiffers(envelope.from || '<>', authors.join(', ')));
  }
  const named = new Set([...to, ...cc].map(({ address }) => same(address)));
  const recipients = new Set(envelope.to.map(same));
  for (const address of recipients) if (!named.has(address)) said.push(s.session.blind(address));
  for (const address of named) if (!recipients.has(address)) said.push(s.session.unaddressed(address));
  return said;
}
