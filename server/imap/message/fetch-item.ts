/** The data items of FETCH (RFC 9051 §6.4.5 and extensions), and their grammar. */
import type { Decoder } from '../wire/decoder.ts';
import {
  parseBinarySection,
  parsePartial,
  parseSection,
  sectionLabel,
  type OctetRange,
  type Section,
} from './section.ts';

/** Data items that consist only of a name. */
const SIMPLE = [
  'FLAGS',
  'UID',
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'BODY',
  'MODSEQ',
  'EMAILID',
  'THREADID',
  'SAVEDATE',
] as const;
type SimpleItem = (typeof SIMPLE)[number];

export type FetchItem =
  | { readonly kind: SimpleItem }
  | { readonly kind: 'PREVIEW' }
  | {
      readonly kind: 'section';
      /** Name of the item in the response, without the partial range. */
      readonly label: string;
      readonly section: Section;
      readonly partial: OctetRange | null;
      /** Whether the item is fetched without setting the flag `\Seen` (PEEK). */
      readonly peek: boolean;
    }
  | {
      readonly kind: 'binary';
      readonly label: string;
      readonly section: Section;
      readonly partial: OctetRange | null;
      readonly peek: boolean;
    }
  | { readonly kind: 'binary-size'; readonly label: string; readonly section: Section };

const FAST: readonly SimpleItem[] = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'];
const MACROS: Readonly<Record<string, readonly SimpleItem[]>> = {
  FAST,
  ALL: [...FAST, 'ENVELOPE'],
  FULL: [...FAST, 'ENVELOPE', 'BODY'],
};

const WHOLE: Section = { part: [], text: null, fields: [] };
const HEADER: Section = { part: [], text: 'HEADER', fields: [] };
const TEXT: Section = { part: [], text: 'TEXT', fields: [] };
/** The older names of some data items (RFC 3501 §6.4.5), with the items that they mean. */
const RFC822: Readonly<Record<string, FetchItem>> = {
  RFC822: { kind: 'section', label: 'RFC822', section: WHOLE, partial: null, peek: false },
  'RFC822.HEADER': { kind: 'section', label: 'RFC822.HEADER', section: HEADER, partial: null, peek: true },
  'RFC822.TEXT': { kind: 'section', label: 'RFC822.TEXT', section: TEXT, partial: null, peek: false },
};

/**
 * Maximum number of data items in one command. A client may request every part of a message, but each item
 * costs work for each message.
 */
const MAX_ITEMS = 200;

/** Parses a macro, a single item, or items in parentheses. */
export function parseFetchItems(decoder: Decoder): FetchItem[] {
  if (decoder.peek('(')) {
    const items = decoder.list(() => parseItem(decoder, decoder.itemName('a fetch item')));
    return items.length > MAX_ITEMS ? decoder.fail(`at most ${MAX_ITEMS} fetch items`) : items;
  }
  const name = decoder.itemName('a fetch item');
  const macro = MACROS[name];
  return macro === undefined ? [parseItem(decoder, name)] : macro.map((kind) => ({ kind }));
}

function parseItem(decoder: Decoder, name: string): FetchItem {
  if (decoder.peek('[')) return parseBracketed(decoder, name);
  const old = RFC822[name];
  if (old !== undefined) return old;
  if (name === 'PREVIEW') {
    // PREVIEW and PREVIEW (LAZY) return the same text, because previews are made when a message is stored.
    if (decoder.peekText(' (')) decoder.sp();
    if (decoder.peek('(')) decoder.list(() => decoder.acceptWord('LAZY') || decoder.fail('LAZY'));
    return { kind: 'PREVIEW' };
  }
  const kind = SIMPLE.find((simple) => simple === name);
  return kind === undefined ? decoder.fail('a fetch item that is known') : { kind };
}

function parseBracketed(decoder: Decoder, name: string): FetchItem {
  switch (name) {
    case 'BODY':
    case 'BODY.PEEK': {
      const section = parseSection(decoder);
      const partial = parsePartial(decoder);
      return {
        kind: 'section',
        label: `BODY${sectionLabel(section)}`,
        section,
        partial,
        peek: name !== 'BODY',
      };
    }
    case 'BINARY':
    case 'BINARY.PEEK': {
      const section = parseBinarySection(decoder);
      const partial = parsePartial(decoder);
      return {
        kind: 'binary',
        label: `BINARY${sectionLabel(section)}`,
        section,
        partial,
        peek: name !== 'BINARY',
      };
    }
    case 'BINARY.SIZE': {
      const section = parseBinarySection(decoder);
      return { kind: 'binary-size', label: `BINARY.SIZE${sectionLabel(section)}`, section };
    }
    default:
      return decoder.fail('BODY or BINARY before the bracket');
  }
}

/** Whether the bytes of the message are needed to encode the data item. */
export function needsBytes(item: FetchItem): boolean {
  return ['ENVELOPE', 'BODYSTRUCTURE', 'BODY', 'section', 'binary', 'binary-size'].includes(item.kind);
}

/** Whether fetching the item sets `\Seen`. */
export function setsSeen(item: FetchItem): boolean {
  return (item.kind === 'section' || item.kind === 'binary') && !item.peek;
}
