/**
 * Encodes BODY and BODYSTRUCTURE (RFC 9051 §7.5.2) from the MIME tree. Parameters are sent in the form in which
 * the message contains them.
 */
import { readWritten } from '../../message/parameters.ts';
import type { MimePart } from '../../message/structure.ts';
import { list, nstring, string } from '../wire/encoder.ts';
import { EMPTY_ENVELOPE, encodeEnvelope } from './envelope.ts';

/** The body structure of an empty body. */
export const EMPTY_BODY = '("text" "plain" NIL NIL NIL "7bit" 0 0)';

/**
 * Encodes the structure of a part. @param extended true for BODYSTRUCTURE, which has extension data; false for
 * BODY
 */
export function encodeStructure(raw: Buffer, part: MimePart, extended: boolean): string {
  return part.type === 'multipart' ? multipart(raw, part, extended) : single(raw, part, extended);
}

function multipart(raw: Buffer, part: MimePart, extended: boolean): string {
  const children = part.children.map((child) => encodeStructure(raw, child, extended));
  const bodies = children.length === 0 ? EMPTY_BODY : children.join('');
  const extension = extended ? [parameters(part, 'content-type'), ...dispositionLanguageLocation(part)] : [];
  return `(${[bodies + ' ' + string(part.subtype), ...extension].join(' ')})`;
}

function single(raw: Buffer, part: MimePart, extended: boolean): string {
  const id = part.contentId === null ? null : `<${part.contentId}>`;
  const fields = [
    string(part.type),
    string(part.subtype),
    parameters(part, 'content-type'),
    nstring(id),
    nstring(rawValue(part, 'content-description')),
    string(part.encoding),
    String(part.bodyEnd - part.bodyStart),
  ];
  if (part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global')) {
    fields.push(...messageFields(raw, part.message, extended), String(part.lines));
  } else if (part.type === 'text') {
    fields.push(String(part.lines));
  }
  if (extended) fields.push(nstring(part.md5), ...dispositionLanguageLocation(part));
  return list(fields);
}

function messageFields(raw: Buffer, message: MimePart | null, extended: boolean): string[] {
  if (message === null) return [EMPTY_ENVELOPE, EMPTY_BODY];
  const header = raw.subarray(message.headerStart, message.bodyStart);
  return [encodeEnvelope(header), encodeStructure(raw, message, extended)];
}

function dispositionLanguageLocation(part: MimePart): string[] {
  const disposition =
    part.disposition === null
      ? 'NIL'
      : list([string(part.disposition), parameters(part, 'content-disposition')]);
  const [language] = part.language;
  const languages = part.language.length > 1 ? list(part.language.map(string)) : nstring(language ?? null);
  return [disposition, languages, nstring(part.location)];
}

function rawValue(part: MimePart, name: string): string | null {
  return part.headers.find((field) => field.name.toLowerCase() === name)?.value.trim() ?? null;
}

/** Encodes `body-fld-param`: pairs of attribute and value, or NIL. */
function parameters(part: MimePart, header: string): string {
  const value = rawValue(part, header);
  const pairs = value === null ? [] : parameterPairs(value);
  if (header === 'content-type' && part.type === 'text' && part.parameters['charset'] === undefined) {
    // The default character set (RFC 2045 §5.2) is sent explicitly, as other servers do.
    pairs.push('charset', 'us-ascii');
  }
  return pairs.length === 0 ? 'NIL' : list(pairs.map(string));
}

/**
 * Returns the parameters as alternating names and values, without quotes and comments. RFC 2231 and RFC 2047
 * encodings are not decoded.
 */
export const parameterPairs = (value: string): string[] =>
  readWritten(value).parameters.flatMap((parameter) => [parameter.name, parameter.value]);
