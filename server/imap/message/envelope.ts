/**
 * ENVELOPE (RFC 9051 §7.5.2): the header fields that mail clients list, in the form in which the message
 * contains them.
 */
import { isAscii } from 'node:buffer';
import { parseHeaders } from '../../message/header.ts';
import { encodeAddressList, parseAddressList } from './address-list.ts';
import { list, nstring } from '../wire/encoder.ts';
import { firstValue, headerFields } from './header-block.ts';

const ESCAPE = 0x1b;

/**
 * Returns a function that returns the first value of the field with the given name. A header with octets that are
 * neither ASCII nor UTF-8 is decoded by the MIME parser (server/message), with the same result as in the API.
 * Almost all headers have no such octets, and are read without parsing all fields.
 */
function valuesOf(block: Buffer): (name: string) => string | null {
  if (isAscii(block) && !block.includes(ESCAPE)) {
    const places = headerFields(block);
    return (name) => firstValue(block, places, name);
  }
  const fields = parseHeaders(block);
  return (name) => {
    const field = fields.find((candidate) => candidate.name.toLowerCase() === name);
    return field === undefined ? null : field.value.replace(/[\r\n\0]+/g, ' ');
  };
}

/** Encodes the ENVELOPE of a message. @param block the header from its first octet to its empty line */
export function encodeEnvelope(block: Buffer): string {
  const valueOf = valuesOf(block);
  const text = (name: string): string => nstring(valueOf(name));
  const addresses = (name: string): string => {
    const value = valueOf(name);
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

/** The ENVELOPE that is sent for an expunged message. */
export const EMPTY_ENVELOPE = list(Array.from({ length: 10 }, () => 'NIL'));
