/** The response of a search command: SEARCH, or ESEARCH with the options of RETURN (RFC 4731, RFC 5182). */
import type { Seq, Uid } from '../../store/ids.ts';
import type { Decoder } from '../wire/decoder.ts';
import { quoted } from '../wire/encoder.ts';
import type { SearchKey } from './key.ts';
import type { Candidate } from './match.ts';
import { formatSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

const OPTIONS = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'] as const;
export type ReturnOption = (typeof OPTIONS)[number];

/** Return options of a search without RETURN in IMAP4rev2, where ESEARCH is the only response (RFC 9051 §7.3.4). */
const IMPLIED: ReadonlySet<ReturnOption> = new Set(['ALL']);

/**
 * Parses `RETURN (…)` and the space after it; returns `null` if RETURN is missing, which means that the
 * response is SEARCH.
 */
export function parseReturn(decoder: Decoder): ReadonlySet<ReturnOption> | null {
  if (!decoder.acceptWord('RETURN')) return null;
  decoder.sp();
  const options = decoder.list(() => {
    const name = decoder.keyword('a return option');
    return OPTIONS.find((option) => option === name) ?? decoder.fail('MIN, MAX, ALL, COUNT or SAVE');
  }, true);
  decoder.sp();
  return new Set(options.length === 0 ? ['ALL'] : options);
}

interface SearchAnswer {
  readonly options: ReadonlySet<ReturnOption> | null;
  readonly uid: boolean;
  readonly tag: string;
  /** The found messages in the order of the response: in mailbox order, or sorted. */
  readonly found: readonly Candidate[];
  /** Whether the response must contain the highest MODSEQ of the found messages. */
  readonly modseq: boolean;
}

/** Sends the result of a search, and saves it if the command requests this (RETURN SAVE). */
export function answerSearch(
  session: Session,
  answer: SearchAnswer,
  name: 'SEARCH' | 'SORT' = 'SEARCH',
): void {
  const { uid, tag, found } = answer;
  const options = answer.options ?? (session.rev2 && name === 'SEARCH' ? IMPLIED : null);
  const numbers = found.map(({ index, placement }) => (uid ? placement.uid : index + 1));
  if (options === null) {
    const modseq = answer.modseq && found.length > 0 ? ` (MODSEQ ${highest(found)})` : '';
    session.send(`* ${[name, ...numbers].join(' ')}${modseq}`);
    return;
  }
  if (options.has('SAVE')) session.mailbox.saved = savedUids(found, options);
  if (options.size === 1 && options.has('SAVE')) return;
  const results = resultsOf(options, numbers);
  if (answer.modseq && found.length > 0) results.push(`MODSEQ ${highest(returned(found, options))}`);
  session.send([`* ESEARCH (TAG ${quoted(tag)})`, ...(uid ? ['UID'] : []), ...results].join(' '));
}

/** Returns the result items of ESEARCH; only COUNT if no message was found (RFC 4731 §3.1). */
function resultsOf(options: ReadonlySet<ReturnOption>, numbers: readonly number[]): string[] {
  const results: string[] = [];
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first !== undefined && last !== undefined) {
    if (options.has('MIN')) results.push(`MIN ${first}`);
    if (options.has('MAX')) results.push(`MAX ${last}`);
    if (options.has('ALL')) results.push(`ALL ${formatSet(numbers)}`);
  }
  if (options.has('COUNT')) results.push(`COUNT ${numbers.length}`);
  return results;
}

/**
 * Returns the found messages that the response or the saved result contains. If MIN or MAX are the only options,
 * these are the first or the last found message (RFC 4731 §3.2, RFC 5182 §2.1).
 */
function returned(found: readonly Candidate[], options: ReadonlySet<ReturnOption>): readonly Candidate[] {
  if (options.has('ALL') || options.has('COUNT') || !(options.has('MIN') || options.has('MAX'))) return found;
  return [...(options.has('MIN') ? found.slice(0, 1) : []), ...(options.has('MAX') ? found.slice(-1) : [])];
}

function savedUids(found: readonly Candidate[], options: ReadonlySet<ReturnOption>): Uid[] {
  const uids = new Set(returned(found, options).map(({ placement }) => placement.uid));
  return [...uids].sort((a, b) => a - b);
}

const highest = (found: readonly Candidate[]): Seq =>
  found.reduce((most, { placement }) => (placement.modseq > most ? placement.modseq : most), 0 as Seq);

/** Returns whether MODSEQ is among the search criteria. */
export function mentionsModseq(key: SearchKey): boolean {
  if (key.kind === 'and' || key.kind === 'or') return key.keys.some(mentionsModseq);
  return key.kind === 'not' ? mentionsModseq(key.key) : key.kind === 'modseq';
}
