/**
 * The command APPEND (RFC 9051 §6.3.12), which stores messages in a mailbox, with MULTIAPPEND (RFC 3502),
 * CATENATE (RFC 4469) and UTF8 (RFC 6855 §4).
 */
import type { Origin } from '../../message/envelope.ts';
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
  readonly content: Buffer | readonly CatenatePart[];
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
    const origin = originOf(session);
    const raws = await Promise.all(messages.map(({ content }) => bytesOf(session, content)));
    if (raws.some((raw) => raw.length === 0)) throw no('CANNOT', 'An empty message is not appended');
    if (raws.some((raw) => raw.length > session.deps.messageLimit))
      throw no('TOOBIG', 'The message is too large');
    const added = await session.store.messages.addAll(
      messages.map(({ flags, receivedAt }, index) => ({
        raw: raws[index] ?? Buffer.alloc(0),
        envelope: { from: { address: '', parameters: {} }, to: [] },
        origin,
        targets: [{ mailbox: mailbox.id, flags }],
        ...(receivedAt === null ? {} : { receivedAt }),
      })),
    );
    const uids = added.flatMap(
      ({ places }) => places.find((place) => place.mailbox === mailbox.id)?.uid ?? [],
    );
    return { code: `APPENDUID ${mailbox.uidValidity} ${formatSet(uids)}` };
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

function parseContent(decoder: Decoder): Buffer | readonly CatenatePart[] {
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

async function bytesOf(session: Session, content: Buffer | readonly CatenatePart[]): Promise<Buffer> {
  return Buffer.isBuffer(content) ? content : catenate(session, content);
}

function originOf({ connection, user }: Session): Origin {
  return { kind: 'append', session: null, peer: connection.peer, helo: null, tls: connection.tls, user };
}
