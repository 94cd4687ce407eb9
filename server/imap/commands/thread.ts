/** The commands THREAD and UID THREAD (RFC 5256), which find messages and group them into conversations. */
import { command, SELECTED } from './command.ts';
import { fieldValue, headerFields } from '../message/header-block.ts';
import { Pace } from '../session/pace.ts';
import { bad } from '../wire/response.ts';
import { parseCharsetAndKeys, type SearchKey } from '../search/key.ts';
import type { Candidate } from '../search/match.ts';
import { findMessages } from '../search/run.ts';
import type { Session } from '../session/session.ts';
import { sentAt, subjectOf } from '../search/sort.ts';
import { withSummaries } from '../search/summaries.ts';
import { encodeThreads, threadByReferences, threadBySubject, type Threadable } from '../search/thread.ts';

interface ThreadArguments {
  readonly byReferences: boolean;
  readonly key: SearchKey;
}

/** Maximum number of message ids that are used from one References header. */
const MAX_REFERENCES = 100;

export const thread = command<ThreadArguments>({
  name: 'THREAD',
  states: SELECTED,
  uid: true,
  expunges: 'with-uid',
  capabilities: ['THREAD=REFERENCES', 'THREAD=ORDEREDSUBJECT'],
  parse(decoder) {
    decoder.sp();
    const algorithm = decoder.unquoted(() => decoder.keyword('a threading algorithm'));
    if (algorithm !== 'REFERENCES' && algorithm !== 'ORDEREDSUBJECT')
      throw bad('Unknown threading algorithm');
    decoder.sp();
    return { byReferences: algorithm === 'REFERENCES', key: parseCharsetAndKeys(decoder) };
  },
  async run(session, { byReferences, key }, { uid }) {
    const found = await withSummaries(session, await findMessages(session, key));
    const messages: Threadable[] = [];
    const pace = new Pace();
    for (const candidate of found) {
      messages.push({
        number: uid ? candidate.placement.uid : candidate.index + 1,
        subject: subjectOf(candidate),
        sentAt: sentAt(candidate),
        messageId: candidate.summary?.messageId ?? null,
        references: byReferences ? await referencesOf(session, candidate) : [],
      });
      if (pace.due) await pace.rest();
    }
    const threads = byReferences ? threadByReferences(messages) : threadBySubject(messages);
    session.send(['* THREAD', ...(threads.length === 0 ? [] : [encodeThreads(threads)])].join(' '));
    return undefined;
  },
});

async function referencesOf(session: Session, { placement }: Candidate): Promise<string[]> {
  const header = await session.deps.messages.header(placement);
  if (header === undefined) return [];
  const references = idsOf(header, 'references');
  return references.length > 0 ? references.slice(-MAX_REFERENCES) : idsOf(header, 'in-reply-to').slice(0, 1);
}

function idsOf(header: Buffer, name: string): string[] {
  return headerFields(header)
    .filter((field) => field.name === name)
    .flatMap((field) => [...fieldValue(header, field).matchAll(/<([^<>\s]+)>/g)].map(([, id]) => id ?? ''));
}
