/** ENVELOPE (RFC 9051 §7.5.2): the header fields that mail clients list, as the message has them. */
import { encodeAddressList, parseAddressList } from './address-list.ts';
import { list, nstring } from './encoder.ts';
import { firstValue, headerFields } from './header-block.ts';

/** @param block a header, from its first octet to its empty line */
export function encodeEnvelope(block: Buffer): string {
  const fields = headerFields(block);
  const text = (name: string): string => nstring(firstValue(block, fields, name));
  const addresses = (name: string): string => {
    const value = firstValue(block, fields, name);
    return value === null ? 'NIL' : encodeAddressList(parseAddressList(value));
  };
  const from = addresses('from');
  const orFrom = (encoded: string): string => (encoded === 'NIL' ? from : encoded);
  return list([
    text('date'),
    text('subject'),
    from,
    orFrom(addresses('sender')),
    orFrom(addresses('reply-to')),
    addresses('to'),
    addresses('cc'),
    addresses('bcc'),
    text('in-reply-to'),
    text('message-id'),
  ]);
}

/** The envelope of a message that is not there. */
export const EMPTY_ENVELOPE = list(Array.from({ length: 10 }, () => 'NIL'));
