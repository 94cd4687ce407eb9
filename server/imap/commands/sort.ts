/** SORT and UID SORT (RFC 5256, RFC 5957). */
import { command, SELECTED } from '../command.ts';
import { parseCharsetAndKeys, type SearchKey } from '../search-key.ts';
import { answerSearch, mentionsModseq } from '../search-return.ts';
import { findMessages } from '../search-run.ts';
import { parseSortCriteria, sortMessages, type SortCriterion } from '../sort.ts';
import { withSummaries } from '../summaries.ts';

interface SortArguments {
  readonly criteria: readonly SortCriterion[];
  readonly key: SearchKey;
}

export const sort = command<SortArguments>({
  name: 'SORT',
  states: SELECTED,
  uid: true,
  expunges: 'with-uid',
  capabilities: ['SORT', 'SORT=DISPLAY'],
  parse(decoder) {
    decoder.sp();
    const criteria = parseSortCriteria(decoder);
    decoder.sp();
    return { criteria, key: parseCharsetAndKeys(decoder) };
  },
  async run(session, { criteria, key }, { uid, tag }) {
    const found = await withSummaries(session, await findMessages(session, key));
    const modseq = mentionsModseq(key);
    answerSearch(session, { options: null, uid, tag, found: sortMessages(found, criteria), modseq }, 'SORT');
    return undefined;
  },
});
