/**
 * Reads the properties of a part from its header: media type, transfer encoding, disposition and the other
 * fields of RFC 2045, 2183 and 2392.
 */
import type { HeaderBlock, HeaderListener } from './header.ts';
import { isKnownCharset, isVagueCharset } from './charset/index.ts';
import { decodeWords } from './encoded-word.ts';
import { parseParameters } from './parameters.ts';
import type { MimePart } from './structure.ts';

/** A MIME part that is still being parsed, so its fields may change. */
export type PartDraft = { -readonly [Key in keyof Omit<MimePart, 'children' | 'message'>]: MimePart[Key] } & {
  children: PartDraft[];
  message: PartDraft | null;
};

/**
 * Maps the spellings of transfer encodings that occur in mail, in lower case and without punctuation, to the
 * canonical names.
 */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['7bit', '7bit'],
  ['7bits', '7bit'],
  ['8bit', '8bit'],
  ['8bits', '8bit'],
  ['binary', 'binary'],
  ['quotedprintable', 'quoted-printable'],
  ['quotedprintible', 'quoted-printable'],
  ['qp', 'quoted-printable'],
  ['base64', 'base64'],
  ['b64', 'base64'],
  ['xuuencode', 'x-uuencode'],
  ['uuencode', 'x-uuencode'],
  ['xuue', 'x-uuencode'],
  ['uue', 'x-uuencode'],
]);

/**
 * Reads the name of a transfer encoding. Returns the canonical name if the encoding is known. `exact` is
 * false if the field contains a misspelled name or additional text.
 */
function readEncoding(value: string): { name: string; known: boolean; exact: boolean } {
  const written = value.trim().toLowerCase();
  const words =
    written
      .replace(/\([^()]*\)/g, ' ')
      .split(/[;,]/, 1)[0]
      ?.trim() ?? '';
  if (words === '') return { name: '7bit', known: true, exact: written === '' };
  const [first = ''] = words.split(/\s/, 1);
  for (const candidate of [words, first]) {
    const name = ENCODINGS.get(candidate.replace(/[^a-z0-9]/g, ''));
    if (name !== undefined) return { name, known: true, exact: name === written || written === 'uuencode' };
  }
  return { name: first.replace(/["']/g, ''), known: false, exact: false };
}

const NO_PARAMETERS = parseParameters('').parameters;
/**
 * Matches a media type and subtype, which are two tokens (RFC 2045 §5.1), at the start of a value; text after
 * them is ignored.
 */
const MEDIA_TYPE = /^["'<]?([\w!#$%&*+.^`|~-]+)\s*\/\s*([\w!#$%&*+.^`|~-]+)/;

/** The Content-* fields of a part by their names in lower case; if a name is repeated, the first field is used. */
type ContentFields = Partial<Record<string, string>>;

function contentFields(header: HeaderBlock, listener: HeaderListener): ContentFields {
  const found: ContentFields = {};
  for (const { name, value, start } of header.fields) {
    // This quick check skips names that do not begin with `C` or are shorter than `Content-ID`, without
    // creating a string.
    if (name.length < 10 || (name.charCodeAt(0) | 32) !== 99) continue;
    const key = name.toLowerCase();
    if (!key.startsWith('content-')) continue;
    if (found[key] === undefined) found[key] = value;
    else if (found[key] !== value)
      listener.defect('duplicate-header', `${name} occurs more than once; the first one counts.`, start);
  }
  return found;
}

/** Returns the first word of a structured header field value in lower case, without comments and quotes. */
const token = (value: string): string =>
  value
    .replace(/\([^()]*\)/g, ' ')
    .replace(/["']/g, '')
    .trim()
    .split(/[\s;]/, 1)[0]
    ?.toLowerCase() ?? '';

const withoutBrackets = (value: string): string => {
  const bracketed = /<([^<>]*)>/.exec(value);
  return (bracketed?.[1] ?? value).trim();
};

const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** A media type with its parameters. */
type MediaType = Pick<PartDraft, 'type' | 'subtype' | 'parameters'>;

/**
 * Parses a Content-Type value. Reports a defect for a value without type and subtype, which is treated as
 * text/plain.
 */
function readMediaType(value: string, headerStart: number, listener: HeaderListener): MediaType {
  const content = parseParameters(value);
  const [, type, subtype] = MEDIA_TYPE.exec(content.value) ?? [];
  if (type !== undefined && subtype !== undefined) {
    return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), parameters: content.parameters };
  }
  listener.defect(
    'invalid-content-type',
    'Content-Type has no type and subtype; text/plain is assumed.',
    headerStart,
  );
  return { type: 'text', subtype: 'plain', parameters: NO_PARAMETERS };
}

/** Parses a Content-Transfer-Encoding value, and reports a defect for an unknown or misspelled encoding. */
function transferEncoding(value: string, headerStart: number, listener: HeaderListener): string {
  const { name, known, exact } = readEncoding(value);
  if (!known) {
    listener.defect(
      'unknown-encoding',
      `The transfer encoding “${name.slice(0, 40)}” is unknown.`,
      headerStart,
    );
  } else if (!exact) {
    listener.defect(
      'misspelled-encoding',
      `The Content-Transfer-Encoding is misspelled; it is read as “${name}”.`,
      headerStart,
    );
  }
  return name;
}

/** Reports a defect for a text part whose charset cannot be decoded. */
function checkCharset({ type, parameters }: MediaType, headerStart: number, listener: HeaderListener): void {
  const charset = type === 'text' ? parameters['charset'] : undefined;
  if (charset === undefined || isKnownCharset(charset) || isVagueCharset(charset)) return;
  listener.defect(
    'unknown-charset',
    `The character set “${charset.slice(0, 40)}” cannot be decoded; the text is read as UTF-8 or windows-1252.`,
    headerStart,
  );
}

/** Parses the Content-Disposition of a part; the disposition is `null` for a part without this field. */
function dispositionOf(value: string | undefined): Pick<PartDraft, 'disposition' | 'dispositionParameters'> {
  if (value === undefined) return { disposition: null, dispositionParameters: NO_PARAMETERS };
  const disposition = parseParameters(value);
  return { disposition: orNull(token(disposition.value)), dispositionParameters: disposition.parameters };
}

/** Reads the fields that describe the content of a part, other than media type, encoding and disposition. */
function descriptiveFields(
  fields: ContentFields,
): Pick<PartDraft, 'contentId' | 'description' | 'language' | 'location' | 'md5'> {
  const id = fields['content-id'];
  return {
    contentId: id === undefined ? null : orNull(withoutBrackets(id)),
    description: orNull(decodeWords(fields['content-description'] ?? '')),
    language: (fields['content-language'] ?? '')
      .split(',')
      .map(token)
      .filter((tag) => tag !== ''),
    location: orNull(fields['content-location']?.replace(/\s+/g, '')),
    md5: orNull(fields['content-md5']),
  };
}

/**
 * Creates a part with the properties in the header block `header`. Its body is empty at first; the parser
 * sets the end of the body later.
 */
export function describePart(
  path: string,
  headerStart: number,
  header: HeaderBlock,
  defaultType: string,
  listener: HeaderListener,
): PartDraft {
  const fields = contentFields(header, listener);
  const mediaType = readMediaType(fields['content-type'] ?? defaultType, headerStart, listener);
  const disposition = dispositionOf(fields['content-disposition']);
  const encoding = transferEncoding(fields['content-transfer-encoding'] ?? '', headerStart, listener);
  checkCharset(mediaType, headerStart, listener);
  const filename = disposition.dispositionParameters['filename'] ?? mediaType.parameters['name'];
  return {
    path,
    headers: header.fields,
    headerStart,
    bodyStart: header.bodyStart,
    bodyEnd: header.bodyStart,
    lines: 0,
    ...mediaType,
    fallbackCharset: null,
    encoding,
    ...disposition,
    ...descriptiveFields(fields),
    filename: filename === undefined ? null : orNull(decodeWords(filename).trim()),
    children: [],
    files: [],
    message: null,
  };
}

/**
 * Changes the type of a multipart to text/plain if its parts cannot be separated, so that users can read its
 * content. RFC 2045 §5.2 recommends plain text for content that cannot be interpreted.
 */
export function asPlainText(part: PartDraft): void {
  part.type = 'text';
  part.subtype = 'plain';
  part.parameters = NO_PARAMETERS;
}
