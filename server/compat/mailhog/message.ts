/** Converts messages to MailHog's message objects. */
import { TextDecoder } from 'node:util';
import type { ListedMessage, StoredMessage } from '../../store/store.ts';
import type { CompatDeps } from '../call.ts';
import { contentOr } from '../find.ts';
import { contentJob, type MailhogContent, type MailhogRead } from './content.ts';

interface MailhogPath {
  readonly Relays: readonly string[] | null;
  readonly Mailbox: string;
  readonly Domain: string;
  readonly Params: string;
}

export interface MailhogMessage {
  readonly ID: string;
  readonly From: MailhogPath;
  readonly To: readonly MailhogPath[];
  readonly Content: MailhogContent;
  readonly Created: string;
  readonly MIME: MailhogRead['MIME'];
  readonly Raw: {
    readonly From: string;
    readonly To: readonly string[];
    readonly Data: string;
    readonly Helo: string;
  };
}

function pathOf(address: string): MailhogPath {
  const at = address.indexOf('@');
  const [Mailbox, Domain] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
  return { Relays: null, Mailbox, Domain, Params: '' };
}

/** The host name of this server in the added header field Received. */
const SERVER = 'restante.localhost';

/** Returns the header fields with those that MailHog adds: Message-ID, Received and Return-Path. */
function withAdded(
  headers: MailhogContent['Headers'],
  { id, origin, envelope, receivedAt }: StoredMessage,
): MailhogContent['Headers'] {
  const nameOf = (field: string): string | undefined =>
    Object.keys(headers).find((name) => name.toLowerCase() === field);
  const appended = (field: string, spelling: string, value: string): Record<string, readonly string[]> => {
    const name = nameOf(field);
    return { [name ?? spelling]: [...(name === undefined ? [] : (headers[name] ?? [])), value] };
  };
  const date = new Date(receivedAt).toUTCString().replace('GMT', '+0000');
  const received = `from ${origin.helo ?? ''} by ${SERVER} (Restante)\r\n          id ${id}; ${date}`;
  return {
    ...headers,
    ...(nameOf('message-id') === undefined ? { 'Message-ID': [id] } : {}),
    ...appended('received', 'Received', received),
    ...appended('return-path', 'Return-Path', `<${envelope.from}>`),
  };
}

/** The content that a list reports for a message that cannot be read. */
export const UNREADABLE: MailhogRead = {
  Content: { Headers: {}, Body: '', Size: 0, MIME: null },
  MIME: null,
  Data: '',
};

/**
 * Reads a message. Returns `undefined` if the message was removed.
 *
 * @param otherwise the content of a message that cannot be read; if absent, the error is thrown
 */
export async function readMessage(
  deps: Pick<CompatDeps, 'store' | 'reading' | 'logger'>,
  { summary }: ListedMessage,
  otherwise?: MailhogRead,
): Promise<MailhogMessage | undefined> {
  const { store, reading } = deps;
  const stored = await store.messages.get(summary.id);
  if (stored === undefined) return undefined;
  const read = async (): Promise<MailhogRead> =>
    JSON.parse(new TextDecoder().decode(await reading.read(contentJob, summary, {}))) as MailhogRead;
  const { Content, MIME, Data } = await contentOr(deps, read(), otherwise);
  const { from, to } = stored.envelope;
  return {
    ID: stored.id,
    From: pathOf(from),
    To: to.map(pathOf),
    Content: { ...Content, Headers: withAdded(Content.Headers, stored) },
    Created: new Date(stored.receivedAt).toISOString(),
    MIME,
    Raw: { From: from, To: to, Data, Helo: stored.origin.helo ?? '' },
  };
}
