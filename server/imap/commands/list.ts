/**
 * The command LIST (RFC 9051 §6.3.9), which lists mailboxes, with LIST-EXTENDED (RFC 5258), LIST-STATUS (RFC
 * 5819) and SPECIAL-USE (RFC 6154).
 */
import { AUTHENTICATED, command, type Syntax } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { list as parenthesized, quoted } from '../wire/encoder.ts';
import { listMailboxes, rootOf, type ListEntry, type ListOptions } from '../session/mailbox-list.ts';
import { decodePattern, DELIMITER, encodeName } from '../wire/mailbox-name.ts';
import { Pace } from '../session/pace.ts';
import { bad } from '../wire/response.ts';
import { parseStatusItems, statusResponse, type StatusItem } from '../session/status-item.ts';

/** Maximum number of patterns in one command; clients send one or two. */
const MAX_PATTERNS = 50;

interface ListArguments extends ListOptions {
  readonly reference: string;
  readonly status: readonly StatusItem[];
  /** Whether the client used the extended syntax of LIST (RFC 5258). */
  readonly extended: boolean;
}

export const list = command<ListArguments>({
  name: 'LIST',
  states: AUTHENTICATED,
  capabilities: ['CHILDREN', 'LIST-EXTENDED', 'LIST-STATUS', 'SPECIAL-USE'],
  parse: parseList,
  async run(session, args) {
    const { reference, patterns, status, extended } = args;
    if (!extended && patterns[0] === reference && patterns.length === 1) {
      session.send(`* LIST (\\Noselect) ${quoted(DELIMITER)} ${quoted(rootOf(reference))}`);
      return undefined;
    }
    const { store, account } = session;
    const mailboxes = await store.mailboxes.list(account);
    const pace = new Pace();
    for (const entry of await listMailboxes(mailboxes, await store.mailboxes.subscriptions(account), args)) {
      session.send(listResponse('LIST', entry, session.utf8));
      if (status.length > 0 && entry.info !== null) {
        session.send(statusResponse(entry.info, status, session));
      }
      if (session.writer.handed) await session.writer.ready();
      if (pace.due) await pace.rest();
    }
    return undefined;
  },
});

/**
 * Returns a LIST response. @param entry the listed name; `oldName` is another name of the same mailbox (RFC
 * 9051 §7.3.1)
 */
export function listResponse(
  name: 'LIST' | 'LSUB',
  entry: ListEntry & { readonly oldName?: string | null },
  utf8: boolean,
): string {
  const mailbox = encodeName(entry.name, utf8);
  const extended = [
    ...(name === 'LIST' && entry.subscribedBelow ? ['"CHILDINFO" ("SUBSCRIBED")'] : []),
    ...(entry.oldName == null ? [] : [`"OLDNAME" (${encodeName(entry.oldName, utf8)})`]),
  ];
  const items = [parenthesized(entry.attributes), quoted(DELIMITER), mailbox];
  if (extended.length > 0) items.push(parenthesized(extended));
  return `* ${name} ${items.join(' ')}`;
}

function parseList(decoder: Decoder, { utf8 }: Syntax): ListArguments {
  decoder.sp();
  const selection = decoder.peek('(') ? parseSelection(decoder) : null;
  const reference = patternOf(decoder, decoder.astring(), utf8);
  decoder.sp();
  const several = decoder.peek('(');
  const given = several
    ? decoder.looseList(() => patternOf(decoder, decoder.listMailbox(), utf8))
    : [patternOf(decoder, decoder.listMailbox(), utf8)];
  // A pattern whose octets cannot be decoded as a name matches no mailbox.
  const patterns = given.flatMap((pattern) =>
    pattern === null || reference === null ? [] : [reference + pattern],
  );
  if (patterns.length > MAX_PATTERNS) throw bad('Too many patterns');
  const returned = decoder.acceptSp() ? parseReturn(decoder) : null;
  return {
    reference: reference ?? '',
    patterns,
    select: selection ?? { subscribed: false, specialUse: false, recursiveMatch: false },
    returnSubscribed: returned?.subscribed ?? false,
    status: returned?.status ?? [],
    extended: selection !== null || several || returned !== null,
  };
}

/** Decodes a name with wildcards; returns `null` for octets that cannot be decoded, which match no mailbox. */
export function patternOf(decoder: Decoder, octets: Buffer, utf8: boolean): string | null {
  const pattern = decodePattern(octets, utf8);
  if (pattern === null) decoder.deviate('utf7-name');
  return pattern;
}

function parseSelection(decoder: Decoder): ListOptions['select'] {
  const options = new Set<string>();
  decoder.list(() => {
    const option = decoder.keyword('a selection option');
    if (!['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'].includes(option)) {
      decoder.fail('a selection option that is known');
    }
    options.add(option);
  }, true);
  decoder.sp();
  if (options.has('RECURSIVEMATCH') && !options.has('SUBSCRIBED') && !options.has('SPECIAL-USE')) {
    throw bad('RECURSIVEMATCH needs another selection option');
  }
  return {
    subscribed: options.has('SUBSCRIBED'),
    specialUse: options.has('SPECIAL-USE'),
    recursiveMatch: options.has('RECURSIVEMATCH'),
  };
}

/**
 * Parses the return options. CHILDREN and SPECIAL-USE need no handling, because this information is always
 * returned.
 */
function parseReturn(decoder: Decoder): { subscribed: boolean; status: StatusItem[] } {
  if (decoder.keyword('RETURN') !== 'RETURN') decoder.fail('RETURN');
  decoder.sp();
  let subscribed = false;
  let status: StatusItem[] = [];
  decoder.list(() => {
    const option = decoder.keyword('a return option');
    if (option === 'SUBSCRIBED') subscribed = true;
    else if (option === 'STATUS') {
      decoder.sp();
      status = parseStatusItems(decoder);
    } else if (option !== 'CHILDREN' && option !== 'SPECIAL-USE') {
      decoder.fail('a return option that is known');
    }
  }, true);
  return { subscribed, status };
}
