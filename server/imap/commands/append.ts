/**
 * The command APPEND (RFC 9051 §6.3.12), which stores messages in a mailbox, with MULTIAPPEND (RFC 3502),
 * CATENATE (RFC 4469) and UTF8 (RFC 6855 §4). A message that does not fit in memory is stored from its file.
 */
import type { Origin } from '../../message/envelope.ts';
import { octetCount, type MessageOctets } from '../../message/octets.ts';
import type { HeldMessage } from '../../net/in-flight/index.ts';
import type { MailboxId } from '../../store/ids.ts';
import type { NewMessage, NewMessageFile } from '../../store/store.ts';
import { catenate, parseCatenate, type CatenatePart } from './catenate.ts';
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';
import { decodeText, type Decoder } from '../wire/decoder.ts';
import { isDateTime, parseDateTime } from '../wire/encoder.ts';
import { storableFlags } from '../message/flags.ts';
import { bad, no } from '../wire/response.ts';
import { formatSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';
import { targetMailbox } from './copy.ts';

interface AppendedMessage {
  readonly flags: readonly string[];
  readonly receivedAt: number | null;
  readonly content: MessageOctets | readonly CatenatePart[];
}

interface AppendArguments {
  readonly name: string;
  readonly messages: readonly AppendedMessage[];
}

export const append = command<AppendArguments>({
  name: 'APPEND',
  states: AUTHENTICATED,
  capabilities: ['MULTIAPPEND', 'CATENATE'],
  parse(decoder, syntax) {
    decoder.sp();
    const name = mailboxArgument(decoder, syntax);
    decoder.sp();
    const messages: AppendedMessage[] = [];
    do messages.push(parseMessage(decoder));
    while (decoder.acceptSp());
    return { name, messages };
  },
  async run(session, { name, messages }) {
    const mailbox = await targetMailbox(session, name);
    const composed: HeldMessage[] = [];
    try {
      const contents: MessageOctets[] = [];
      for (const { content } of messages) contents.push(await octetsOf(session, content, composed));
      checkSizes(contents, session.deps.messageLimit);
      const added = await session.store.messages.addAll(
        messages.map((message, index) =>
          newMessage(message, contents[index] ?? Buffer.alloc(0), originOf(session), mailbox.id),
        ),
      );
      const uids = added.flatMap(
        ({ places }) => places.find((place) => place.mailbox === mailbox.id)?.uid ?? [],
      );
      return { code: `APPENDUID ${mailbox.uidValidity} ${formatSet(uids)}` };
    } finally {
      await Promise.all(composed.map((message) => message.release()));
    }
  },
});

function parseMessage(decoder: Decoder): AppendedMessage {
  let flags: string[] = [];
  if (decoder.peek('(')) {
    flags = storableFlags(decoder.list(() => decoder.flag(), true));
    decoder.sp();
  }
  let receivedAt: number | null = null;
  if (decoder.peek('"')) {
    const text = decodeText(decoder.string());
    receivedAt = parseDateTime(text);
    if (receivedAt === null) throw bad('Expected a date-time such as "03-Feb-2024 04:05:06 +0000"');
    if (!isDateTime(text)) decoder.deviate('date');
    decoder.sp();
  }
  return { flags, receivedAt, content: parseContent(decoder) };
}

function parseContent(decoder: Decoder): MessageOctets | readonly CatenatePart[] {
  if (decoder.acceptWord('CATENATE')) {
    decoder.sp();
    return parseCatenate(decoder);
  }
  if (decoder.acceptWord('UTF8')) {
    decoder.sp();
    const [octets] = decoder.list(() => decoder.literal().octets);
    return octets ?? decoder.fail('a literal');
  }
  return decoder.literal().octets;
}

/**
 * Returns the octets of a message. A message that is composed from parts is added to `composed`; the caller
 * releases it.
 */
async function octetsOf(
  session: Session,
  content: AppendedMessage['content'],
  composed: HeldMessage[],
): Promise<MessageOctets> {
  if (!isComposed(content)) return content;
  const message = session.deps.inFlight.hold(session.deps.messageLimit);
  composed.push(message);
  return catenate(session, content, message);
}

const isComposed = (content: AppendedMessage['content']): content is readonly CatenatePart[] =>
  Array.isArray(content);

function checkSizes(contents: readonly MessageOctets[], limit: number): void {
  const sizes = contents.map(octetCount);
  if (sizes.includes(0)) throw no('CANNOT', 'An empty message is not appended');
  if (sizes.some((size) => size > limit)) throw no('TOOBIG', 'The message is too large');
}

function newMessage(
  { flags, receivedAt }: AppendedMessage,
  octets: MessageOctets,
  origin: Origin,
  mailbox: MailboxId,
): NewMessage | NewMessageFile {
  return {
    ...(Buffer.isBuffer(octets) ? { raw: octets } : { file: octets }),
    envelope: { from: { address: '', parameters: {} }, to: [] },
    origin,
    targets: [{ mailbox, flags }],
    ...(receivedAt === null ? {} : { receivedAt }),
  };
}

function originOf({ connection, user }: Session): Origin {
  return { kind: 'append', session: null, peer: connection.peer, helo: null, tls: connection.tls, user };
}
