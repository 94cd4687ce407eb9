/**
 * Address lists as ENVELOPE has them (RFC 9051 §7.5.2): groups kept, names and mailboxes as written, encoded words
 * left encoded. It takes what real mail holds and never fails.
 */
import { list, nstring } from './encoder.ts';

/** One entry; a group begins with a `mailbox` without `host` and ends with neither. */
export interface EnvelopeAddress {
  readonly name: string | null;
  readonly route: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

/** What stands for a part that the header lacks: NIL would mean a group. */
const MISSING_HOST = 'MISSING_DOMAIN';
const MISSING_MAILBOX = 'MISSING_MAILBOX';
/** Longest list looked at, in characters: beyond it are only attacks. */
const MAX_LENGTH = 1_000_000;

/** A word, a quoted string without its quotes, a comment without its parentheses, or one of `,;:<>@`. */
interface Token {
  readonly kind: 'text' | 'quoted' | 'comment' | 'special';
  readonly text: string;
}

function tokens(value: string): Token[] {
  const found: Token[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"?|([,;:<>@])|([^\s",;:<>@()]+)|\s+/gy;
  for (let at = 0; at < value.length;) {
    if (value[at] === '(') {
      const { text, end } = comment(value, at);
      found.push({ kind: 'comment', text });
      at = end;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(value);
    if (match === null) {
      at++;
      continue;
    }
    at = pattern.lastIndex;
    if (match[1] !== undefined) found.push({ kind: 'quoted', text: match[1].replace(/\\(.)/g, '$1') });
    else if (match[2] !== undefined) found.push({ kind: 'special', text: match[2] });
    else if (match[3] !== undefined) found.push({ kind: 'text', text: match[3] });
  }
  return found;
}

function comment(value: string, start: number): { text: string; end: number } {
  let depth = 0;
  let at = start;
  for (; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === '(') depth++;
    else if (value[at] === ')' && --depth === 0) break;
  }
  return { text: value.slice(start + 1, at).replace(/\\(.)/g, '$1'), end: at + 1 };
}

const is = (token: Token | undefined, special: string): boolean =>
  token?.kind === 'special' && token.text === special;

/** Words of a display name, in order, one space between. */
function phrase(words: readonly Token[]): string | null {
  const text = words.flatMap((token) => (token.kind === 'comment' ? [] : [token.text])).join(' ');
  return text === '' ? null : text;
}

/** The part of an addr-spec before or after the `@`: quoted strings lose their quotes as IMAP wants it. */
const joined = (parts: readonly Token[]): string =>
  parts.flatMap((token) => (token.kind === 'comment' ? [] : [token.text])).join('');

function address(parts: readonly Token[]): EnvelopeAddress | null {
  const open = parts.findIndex((token) => is(token, '<'));
  if (open === -1) return bareAddress(parts);
  const close = parts.findIndex((token, index) => index > open && is(token, '>'));
  const spec = parts.slice(open + 1, close === -1 ? undefined : close);
  const colon = spec.findIndex((token) => is(token, ':'));
  const route = colon === -1 ? null : joined(spec.slice(0, colon));
  return { name: phrase(parts.slice(0, open)), route, ...mailboxAndHost(spec.slice(colon + 1)) };
}

/** An address without angle brackets: its owner's name may stand in a comment, the old way, or just before it. */
function bareAddress(parts: readonly Token[]): EnvelopeAddress | null {
  const words = parts.filter((token) => token.kind !== 'comment');
  if (words.length === 0) return null;
  const comments = parts.filter((token) => token.kind === 'comment').map(({ text }) => text.trim());
  const at = words.findLastIndex((token) => is(token, '@'));
  if (at === -1 && words.length > 1) {
    return { name: phrase(words), route: null, mailbox: MISSING_MAILBOX, host: MISSING_HOST };
  }
  // White space may stand around the dots and the `@`; words that nothing joins are the name.
  let start = at === -1 ? 0 : Math.max(0, at - 1);
  while (
    start > 0 &&
    (words[start]?.text.startsWith('.') === true || words[start - 1]?.text.endsWith('.') === true)
  ) {
    start--;
  }
  const name = phrase(words.slice(0, start)) ?? (comments.join(' ') || null);
  return { name, route: null, ...mailboxAndHost(words.slice(start)) };
}

function mailboxAndHost(spec: readonly Token[]): { mailbox: string; host: string } {
  const at = spec.findLastIndex((token) => is(token, '@'));
  const mailbox = joined(at === -1 ? spec : spec.slice(0, at));
  const host = at === -1 ? '' : joined(spec.slice(at + 1));
  return { mailbox: mailbox || MISSING_MAILBOX, host: host || MISSING_HOST };
}

/** What most headers hold: one address, alone or after a plain name. */
const ALONE = /^<?([^\s<>()[\]",;:@\\]+)@([^\s<>()[\]",;:@\\]+)>?$/;
const NAMED = /^([\w=?.'-]+(?: [\w=?.'-]+)*) <([^\s<>()[\]",;:@\\]+)@([^\s<>()[\]",;:@\\]+)>$/;

function parsePlain(value: string): EnvelopeAddress | null {
  const [, mailbox = '', host = ''] = ALONE.exec(value) ?? [];
  if (host !== '') return { name: null, route: null, mailbox, host };
  const [, name = '', local = '', domain = ''] = NAMED.exec(value) ?? [];
  return domain === '' ? null : { name, route: null, mailbox: local, host: domain };
}

/** Reads the value of an address header, unfolded. */
export function parseAddressList(value: string): EnvelopeAddress[] {
  const plain = parsePlain(value);
  if (plain !== null) return [plain];
  const addresses: EnvelopeAddress[] = [];
  let parts: Token[] = [];
  let inGroup = false;
  let inAngle = false;
  const finish = (): void => {
    const entry = address(parts);
    if (entry !== null) addresses.push(entry);
    parts = [];
    inAngle = false;
  };
  for (const token of tokens(value.slice(0, MAX_LENGTH))) {
    if (is(token, ',') && !inAngle) {
      finish();
    } else if (is(token, ':') && !inAngle && !inGroup) {
      addresses.push({ name: null, route: null, mailbox: phrase(parts) ?? MISSING_MAILBOX, host: null });
      parts = [];
      inGroup = true;
    } else if (is(token, ';') && !inAngle) {
      finish();
      if (inGroup) addresses.push({ name: null, route: null, mailbox: null, host: null });
      inGroup = false;
    } else {
      if (is(token, '<')) inAngle = true;
      if (is(token, '>')) inAngle = false;
      parts.push(token);
    }
  }
  finish();
  if (inGroup) addresses.push({ name: null, route: null, mailbox: null, host: null });
  return addresses;
}

/** `env-from` and its like: a list of addresses, or NIL. */
export function encodeAddressList(addresses: readonly EnvelopeAddress[]): string {
  if (addresses.length === 0) return 'NIL';
  const entries = addresses.map(({ name, route, mailbox, host }) =>
    list([nstring(name), nstring(route), nstring(mailbox), nstring(host)]),
  );
  return `(${entries.join('')})`;
}
