/**
 * The commands SORT and UID SORT (RFC 5256, RFC 5957), which find messages and sort them, with RETURN (RFC 5267
 * §3, ESORT).
 */
import { command, SELECTED } from './command.ts';
import { parseCharsetAndKeys, type SearchKey } from '../search/key.ts';
import { answerSearch, mentionsModseq, parseReturn, type ReturnOption } from '../search/return.ts';
import { findMessages } from '../search/run.ts';
import { ordersByAddress, parseSortCriteria, sortMessages, type SortCriterion } from '../search/sort.ts';
import { withSummaries } from '../search/summaries.ts';

interface SortArguments {
  readonly options: ReadonlySet<ReturnOption> | null;
  readonly criteria: readonly SortCriterion[];
  readonly key: SearchKey;
}

export const sort = command<SortArguments>({
  name: 'SORT',
  states: SELECTED,
  uid: true,
  expunges: 'with-uid',
  capabilities: ['SORT', 'SORT=DISPLAY', 'ESORT'],
  parse(decoder) {
    decoder.sp();
    const options = parseReturn(decoder);
    const criteria = parseSortCriteria(decoder);
    decoder.sp();
    return { options, criteria, key: parseCharsetAndKeys(decoder) };
  },
  async run(session, { options, criteria, key }, { uid, tag }) {
    const found = await withSummaries(session, await findMessages(session, key), ordersByAddress(criteria));
    const modseq = mentionsModseq(key);
    answerSearch(session, { options, uid, tag, found: sortMessages(found, criteria), modseq }, 'SORT');
    return undefined;
  },
});
