/** Runs search criteria over the selected mailbox: SEARCH, SORT and THREAD begin with it. */
import type { LoadedMessage } from './message-cache.ts';
import type { SearchKey } from './search-key.ts';
import { matches, textValues, type Candidate, type SearchScope } from './search-match.ts';
import { Pace } from './pace.ts';
import { SearchedMessage } from './searched-message.ts';
import type { Session } from './session.ts';
import { LARGE } from '../store/query/match.ts';

/** Messages whose summary or bytes are loaded at a time. */
const AT_ONCE = 16;

/** The messages that match, in the order of the view. */
export async function findMessages(session: Session, key: SearchKey): Promise<Candidate[]> {
  const { mailbox } = session;
  const { view } = mailbox;
  await mailbox.load(session);
  const scope = scopeOf(session);
  const pace = new Pace();
  const undecided: Candidate[] = [];
  const found: Candidate[] = [];
  for (let index = 0; index < view.size; index++) {
    const placement = view.at(index);
    if (placement === undefined) continue;
    const recent = view.isRecent(placement.uid);
    const candidate: Candidate = { index, placement, recent, summary: null, message: null };
    const result = matches(key, candidate, scope);
    if (result === true) found.push(candidate);
    else if (result === undefined) undecided.push(candidate);
    if (pace.due) await pace.rest();
  }
  if (undecided.length === 0) return found;
  const values = new Set(textValues(key));
  for (let at = 0; at < undecided.length; at += AT_ONCE) {
    const batch = undecided.slice(at, at + AT_ONCE);
    const messages = await Promise.all(batch.map((candidate) => loadFor(session, key, candidate, scope)));
    for (const [index, candidate] of batch.entries()) {
      candidate.message = await searched(session, candidate, messages[index] ?? null, values, pace);
      if (matches(key, candidate, scope) === true) found.push(candidate);
      // What was decoded of it is not kept.
      candidate.message = null;
      if (pace.overdue) await pace.rest();
    }
  }
  return found.sort((a, b) => a.index - b.index);
}

/** Loads the summary and, if it leaves the question open, the bytes. */
async function loadFor(
  session: Session,
  key: SearchKey,
  candidate: Candidate,
  scope: SearchScope,
): Promise<LoadedMessage | null> {
  const { message } = candidate.placement;
  candidate.summary = (await session.store.summary(message)) ?? null;
  if (matches(key, candidate, scope) !== undefined) return null;
  return (await session.context.messages.load(message)) ?? null;
}

/** The message for the criteria, long texts searched already; `null` for one that is gone or need not be read. */
async function searched(
  session: Session,
  { placement }: Candidate,
  message: LoadedMessage | null,
  values: ReadonlySet<string>,
  pace: Pace,
): Promise<SearchedMessage | null> {
  if (message === null) return null;
  const { length } = message.raw;
  const searchable = length < LARGE ? undefined : await session.store.searchable(placement.message);
  const result = new SearchedMessage(message, searchable);
  if (length * values.size >= LARGE) await result.lookFor(values, pace);
  return result;
}

function scopeOf(session: Session): SearchScope {
  const { mailbox } = session;
  const sets = new Map<SearchKey, Uint8Array>();
  return {
    now: session.context.clock(),
    inSet(key, index) {
      let members = sets.get(key);
      if (members === undefined) {
        members = new Uint8Array(mailbox.view.size);
        for (const member of mailbox.indexes(key.set, 'lenient')) members[member] = 1;
        sets.set(key, members);
      }
      return members[index] === 1;
    },
  };
}
