/** The calls for one message: its content, octets and parts, its release, and its deletion. */
import { RelayRefusal } from '../../relay/relay.ts';
import { rawStream } from '../../service/raw-stream.ts';
import type { ListedMessage } from '../../store/store.ts';
import { CallError, type Answer } from '../answer.ts';
import { membersOf, readBody, textIn, type Members } from '../body.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { findById } from '../find.ts';
import { pathEscape } from '../parts.ts';
import { partJob } from './content.ts';
import { readMessage } from './message.ts';

/** Returns the message that the path names. MailHog's ids end with `@` and the name of the server. */
const find = (deps: CompatDeps, { account, params }: Call): Promise<ListedMessage | undefined> =>
  findById(deps, account, (params['id'] ?? '').replace(/@.*$/, ''));

async function findMessage(deps: CompatDeps, call: Call, status: number): Promise<ListedMessage> {
  const listed = await find(deps, call);
  if (listed === undefined) throw new CallError('message not found', status);
  return listed;
}

export const getMessage: Handler = async (deps, call) => {
  const listed = await find(deps, call);
  const message = listed === undefined ? undefined : await readMessage(deps, listed);
  // For a missing message, the response is `null`, by which clients recognize that the message is missing.
  return { type: 'text/json', body: JSON.stringify(message ?? null) };
};

const DONE: Answer = { type: 'text/json', body: '' };

export const deleteMessage: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call, 500);
  await deps.store.messages.remove([summary.id], call.account);
  return DONE;
};

export const download: Handler = async (deps, call) => {
  const { id, size } = (await findMessage(deps, call, 404)).summary;
  return {
    type: 'message/rfc822',
    headers: {
      'content-disposition': `attachment; filename="${id}.eml"`,
      'content-length': String(size),
    },
    body: rawStream(deps.store, id, size),
  };
};

export const downloadPart: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call, 404);
  const number = call.params['part'] ?? '';
  if (!/^\d{1,9}$/.test(number)) throw new CallError('The number of the part must be a whole number');
  const part = await deps.reading.read(partJob, summary, { part: Number(number) }, number);
  if (part === null) throw new CallError(`The message has no part ${number}`, 404);
  const name = pathEscape(part.name ?? `${summary.id}-part-${number}`);
  return {
    type: /^[\w.+-]+\/[\w.+-]+$/.test(part.type) ? part.type : 'application/octet-stream',
    headers: { 'content-disposition': `attachment; filename="${name}"` },
    body: part.bytes,
  };
};

function readRelease(body: Buffer): Members {
  try {
    return membersOf(JSON.parse(body.toString('utf8')), 'The body');
  } catch {
    throw new CallError('Error decoding request body', 500);
  }
}

/**
 * Throws if a release names a server that is not the smart host of the relay: Restante sends mail to no server that a
 * caller selects.
 */
function refuseOtherServers(smartHost: string | null, body: Members): void {
  if (textIn(body, 'Name') !== '') throw new CallError('There is no server with this name');
  const host = textIn(body, 'Host');
  if (host === '') return;
  const port = textIn(body, 'Port') || '25';
  const own = smartHost === null || !URL.canParse(smartHost) ? null : new URL(smartHost);
  if (own !== null && own.hostname === host && (own.port || '25') === port) return;
  throw new CallError(
    `Restante sends no mail to ${host}:${port}, which the request names: leave out Host and Port, or start the ` +
      'server with --relay manual, --relay-smarthost and --relay-allow for this server',
  );
}

export const releaseMessage: Handler = async (deps, call) => {
  const { summary } = await findMessage(deps, call, 404);
  const body = readRelease(await readBody(call.request));
  refuseOtherServers(deps.relay.policy().smartHost, body);
  const email = textIn(body, 'Email');
  if (email === '') throw new CallError('Email must be the address of the recipient');
  try {
    await deps.relay.release(summary.id, [email]);
  } catch (error) {
    if (error instanceof RelayRefusal) throw new CallError(`Failed to release message: ${error.message}`);
    throw error;
  }
  return DONE;
};
