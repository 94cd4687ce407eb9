/**
 * The commands SEARCH and UID SEARCH (RFC 9051 §6.4.4), which find messages, with the extensions ESEARCH (RFC
 * 4731), SEARCHRES (RFC 5182) and WITHIN (RFC 5032).
 */
import { command, SELECTED } from './command.ts';
import { decodeText } from '../wire/decoder.ts';
import { bad } from '../wire/response.ts';
import { badCharset, charsetNamed, parseSearchKeys, type Charset, type SearchKey } from '../search/key.ts';
import { answerSearch, mentionsModseq, parseReturn, type ReturnOption } from '../search/return.ts';
import { findMessages } from '../search/run.ts';

interface SearchArguments {
  readonly options: ReadonlySet<ReturnOption> | null;
  /** Whether the command names a character set. */
  readonly named: boolean;
  /** Whether the server knows the character set that the command names. */
  readonly known: boolean;
  readonly key: SearchKey;
}

export const search = command<SearchArguments>({
  name: 'SEARCH',
  states: SELECTED,
  uid: true,
  expunges: 'with-uid',
  capabilities: ['ESEARCH', 'SEARCHRES', 'WITHIN'],
  parse(decoder) {
    decoder.sp();
    const options = parseReturn(decoder);
    let charset: Charset | null = decodeText;
    const named = decoder.acceptWord('CHARSET');
    if (named) {
      decoder.sp();
      charset = charsetNamed(decoder.text());
      decoder.sp();
    }
    // An unknown character set is an error only when the command runs, because this error must also clear the
    // saved search result (RFC 5182 §2.1).
    return { options, named, known: charset !== null, key: parseSearchKeys(decoder, charset ?? decodeText) };
  },
  async run(session, { options, named, known, key }, { uid, tag }) {
    if (named && session.enabled.has('UTF8=ACCEPT'))
      throw bad('CHARSET is not allowed after ENABLE UTF8=ACCEPT');
    const modseq = mentionsModseq(key);
    if (modseq) session.enable('CONDSTORE');
    try {
      if (!known) throw badCharset();
      const found = await findMessages(session, key);
      answerSearch(session, { options, uid, tag, found, modseq });
      return undefined;
    } catch (error) {
      if (options?.has('SAVE') === true) session.mailbox.saved = [];
      throw error;
    }
  },
});
