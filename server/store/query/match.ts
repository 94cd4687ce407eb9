/** The one matcher: REST search, waits, event filters, rules and IMAP SEARCH all ask it. */
import type { MailAddress } from '../../message/address.ts';
import { decodeWords } from '../../message/header.ts';
import type { HeaderField } from '../../message/structure.ts';
import type { MessageSummary, Mismatch } from '../store.ts';
import type { AddressField, Query, TextField } from './ast.ts';
import { fold, patternOf } from './fold.ts';
import { printQuery } from './print.ts';

/** A message as the matcher sees it; the calls may read its raw file, so they are made last and only if needed. */
export interface Candidate {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
  headers(): readonly HeaderField[];
  /** The decoded text that a search looks through. */
  text(): string;
  filenames(): readonly string[];
}

export function matches(query: Query, candidate: Candidate): boolean {
  const { summary } = candidate;
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return query.terms.every((term) => matches(term, candidate));
    case 'or':
      return query.terms.some((term) => matches(term, candidate));
    case 'not':
      return !matches(query.term, candidate);
    case 'words':
      return hasWords(query.value, candidate);
    case 'address':
      return addressesOf(query.field, summary).some((address) => isAddress(query.value, address));
    case 'text':
      return hasText(query.field, query.value, candidate);
    case 'header':
      return headerMatches(query.name, query.value, candidate);
    case 'has':
      return query.what === 'html' ? summary.hasHtml : summary.attachments > 0;
    case 'is':
      return query.what === 'flagged' ? candidate.flagged : candidate.seen === (query.what === 'seen');
    case 'before':
      return summary.receivedAt < query.at;
    case 'after':
      return summary.receivedAt >= query.at;
    case 'larger':
      return summary.size > query.size;
    case 'smaller':
      return summary.size < query.size;
  }
}

/** A value with an `@` is a whole address; any other is a part of the address or of the name. */
function isAddress(value: string, { name, address }: MailAddress): boolean {
  const pattern = patternOf(value);
  if (value.includes('@') && !value.startsWith('@') && !value.endsWith('@'))
    return pattern.whole(fold(address));
  return pattern.found(fold(address)) || pattern.found(fold(name));
}

const bare = (address: string): MailAddress => ({ name: '', address });

function addressesOf(field: AddressField, summary: MessageSummary): readonly MailAddress[] {
  switch (field) {
    case 'from':
      return [...summary.from, bare(summary.envelope.from)];
    case 'replyto':
      return summary.replyTo;
    case 'rcpt':
      return summary.envelope.to.map(bare);
    case 'user':
      return summary.user === null ? [] : [bare(summary.user)];
    case 'to':
      // Whom it is for, as people mean it: also those that only the envelope names.
      return [...summary.to, ...summary.envelope.to.map(bare)];
    case 'cc':
      return summary.cc;
    case 'bcc':
      return summary.bcc;
  }
}

function hasWords(value: string, candidate: Candidate): boolean {
  const pattern = patternOf(value);
  const { summary } = candidate;
  if (pattern.found(fold(summary.subject)) || pattern.found(fold(summary.preview))) return true;
  const people = [summary.from, summary.to, summary.cc, summary.bcc, summary.replyTo].flat();
  if (people.some(({ name, address }) => pattern.found(fold(name)) || pattern.found(fold(address))))
    return true;
  return (
    pattern.found(fold(candidate.text())) || candidate.filenames().some((name) => pattern.found(fold(name)))
  );
}

function hasText(field: TextField, value: string, candidate: Candidate): boolean {
  const pattern = patternOf(value);
  const { summary } = candidate;
  switch (field) {
    case 'subject':
      return pattern.found(fold(summary.subject));
    case 'body':
      return pattern.found(fold(candidate.text()));
    case 'text':
      return (
        pattern.found(fold(summary.subject)) ||
        pattern.found(fold(candidate.text())) ||
        candidate.headers().some((header) => pattern.found(fold(decodeWords(header.value))))
      );
    case 'filename':
      return candidate.filenames().some((name) => pattern.found(fold(name)));
    case 'tag':
      return summary.tags.some((tag) => pattern.whole(fold(tag)));
    case 'id':
      return pattern.whole(fold(summary.id));
    case 'messageid':
      return summary.messageId !== null && pattern.found(fold(summary.messageId));
  }
}

function headerMatches(name: string, value: string | null, candidate: Candidate): boolean {
  const wanted = name.toLowerCase();
  const fields = candidate.headers().filter((field) => field.name.toLowerCase() === wanted);
  if (value === null) return fields.length > 0;
  const pattern = patternOf(value);
  return fields.some((field) => pattern.found(fold(decodeWords(field.value))));
}

/** Characters shown of what was found instead. */
const SHOWN = 120;

/** The terms a message fails, with what it has there; empty when it matches. */
export function mismatches(query: Query, candidate: Candidate): Mismatch[] {
  if (matches(query, candidate)) return [];
  if (query.kind === 'and') return query.terms.flatMap((term) => mismatches(term, candidate));
  const found = foundInstead(query, candidate);
  return [{ term: printQuery(query), found: found.length > SHOWN ? `${found.slice(0, SHOWN)}…` : found }];
}

function foundInstead(query: Query, candidate: Candidate): string {
  const { summary } = candidate;
  switch (query.kind) {
    case 'address':
      return addressesOf(query.field, summary)
        .map(({ address }) => address)
        .filter((address) => address !== '')
        .join(', ');
    case 'text':
      if (query.field === 'tag') return summary.tags.join(', ');
      if (query.field === 'id') return summary.id;
      if (query.field === 'messageid') return summary.messageId ?? '';
      if (query.field === 'filename') return candidate.filenames().join(', ');
      return query.field === 'subject' ? summary.subject : summary.preview;
    case 'words':
      return `${summary.subject} · ${summary.preview}`;
    case 'header': {
      const wanted = query.name.toLowerCase();
      const values = candidate.headers().filter((field) => field.name.toLowerCase() === wanted);
      return values.map((field) => decodeWords(field.value)).join(', ');
    }
    case 'has':
      return query.what === 'html' ? 'no HTML' : 'no attachment';
    case 'is':
      return `${candidate.seen ? 'seen' : 'unread'}${candidate.flagged ? ', flagged' : ''}`;
    case 'before':
    case 'after':
      return new Date(summary.receivedAt).toISOString();
    case 'larger':
    case 'smaller':
      return String(summary.size);
    case 'not':
      return 'matches';
    case 'or':
      return summary.subject;
    case 'and':
    case 'all':
      return '';
  }
}
