/** The resources: messages, their source and parts, the lists of inboxes, and pages of the documentation. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../../contract/problems.ts';
import { presentPage } from '../service/present/message.ts';
import { partJob } from '../service/reading/jobs.ts';
import { bytesGone, readScope } from '../service/scope.ts';
import { ALL } from '../store/ids.ts';
import type { McpDeps } from './deps.ts';
import { codes, RpcError } from './protocol/json-rpc.ts';
import { isSince, STATELESS, type Version } from './protocol/versions.ts';
import { codesOf, linksOf, readCleanText, readDetail } from './reading.ts';
import { briefOfListed, listedBrief, listedMessage } from './tools/shared.ts';
import { cleanLine, cleanText, fence } from './untrusted.ts';

export interface ResourceContents {
  readonly uri: string;
  readonly mimeType: string;
  readonly text?: string;
  readonly blob?: string;
}

/** The pages of the documentation by their names. */
const pages = {
  query: 'The query language',
  rules: 'Rules: conditions and actions that simulate faults',
  checks: 'The checks and their findings',
  sdk: 'The test SDK',
} as const;

/** The maximum size of a part, and of a source, that is read as a resource, in octets. */
const MAX_OCTETS = 1_000_000;
const MAX_SOURCE = 100_000;
/** The maximum number of attachments in the resource of a message. */
const MAX_ATTACHMENTS = 50;
/**
 * The maximum number of messages in the resource of an inbox, of inboxes in the list of resources, and of characters of
 * a text.
 */
const MAX_MESSAGES = 50;
const MAX_INBOXES = 50;
const MAX_TEXT = 20_000;
/** The maximum number of characters of a URI in an error. */
const MAX_URI = 2_000;

/**
 * Returns the path of the file with a page of the documentation: in the folder `docs` of the installed package or,
 * during development, in that of the repository. Returns `undefined` for a page that does not exist.
 */
const pageFile = (name: string): string | undefined =>
  ['../docs', '../../docs']
    .map((folder) => path.join(import.meta.dirname, folder, `${name}.md`))
    .find((file) => existsSync(file));

export async function listResources({ store }: McpDeps): Promise<readonly object[]> {
  const { accounts } = await store.accounts.list({ limit: MAX_INBOXES });
  return [
    ...Object.entries(pages)
      .filter(([name]) => pageFile(name) !== undefined)
      .map(([name, title]) => ({ uri: `restante://docs/${name}`, name, title, mimeType: 'text/markdown' })),
    ...accounts.map(({ name }) => ({
      uri: `restante://inbox/${encodeURIComponent(name)}`,
      name: cleanLine(name, 200),
      title: `Inbox ${cleanLine(name, 200)}`,
      mimeType: 'application/json',
    })),
  ];
}

export const resourceTemplates: readonly object[] = [
  {
    uriTemplate: 'restante://messages/{id}',
    name: 'message',
    title: 'A message with its text, codes and links',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'restante://messages/{id}/source',
    name: 'source',
    title: 'The source of a message',
    mimeType: 'message/rfc822',
  },
  {
    uriTemplate: 'restante://messages/{id}/parts/{part}',
    name: 'part',
    title: 'A part of a message, such as an attachment',
  },
  {
    uriTemplate: 'restante://inbox/{address}',
    name: 'inbox',
    title: 'The newest messages of an inbox',
    mimeType: 'application/json',
  },
];

const unknownResource = (uri: string, version: Version): RpcError =>
  new RpcError(
    isSince(version, STATELESS) ? codes.invalidParams : codes.unknownResource,
    `There is no resource ${cleanLine(uri)}`,
    { data: { uri: uri.slice(0, MAX_URI) } },
  );

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Returns the address of the inbox that a URI names; `null` for another URI. */
export function inboxOf(uri: string): string | null {
  const [, address] = /^restante:\/\/inbox\/([^/]+)$/.exec(uri) ?? [];
  return address === undefined ? null : (decoded(address) ?? null);
}

async function readMessage(deps: McpDeps, uri: string, id: string): Promise<ResourceContents> {
  const listed = await listedMessage(deps, { id });
  const detail = await readDetail(deps, listed);
  const { text, removed } = await readCleanText(deps, listed);
  const message = {
    ...briefOfListed(listed),
    receivedAt: detail.receivedAt,
    codes: codesOf(detail),
    links: linksOf(detail),
    attachments: detail.attachments.slice(0, MAX_ATTACHMENTS).map(({ part, name, type, size }) => ({
      part,
      name: cleanLine(name, 100),
      type: cleanLine(type, 100),
      size,
    })),
    attachmentCount: detail.attachments.length,
    removed,
    untrustedText: text.slice(0, MAX_TEXT),
    textLength: text.length,
  };
  return { uri, mimeType: 'application/json', text: JSON.stringify(message) };
}

async function readSource(deps: McpDeps, uri: string, id: string, marker: string): Promise<ResourceContents> {
  const { id: key, size } = (await listedMessage(deps, { id })).summary;
  const bytes = await deps.store.messages.rawPart(key, 0, MAX_SOURCE);
  if (bytes === undefined) throw bytesGone(key);
  const source = fence(marker, [cleanText(bytes.toString())]);
  const rest =
    size <= MAX_SOURCE ? '' : `\nThe source has ${size} octets; get_source reads on at offset ${MAX_SOURCE}.`;
  return { uri, mimeType: 'text/plain', text: `${source}${rest}` };
}

async function readPart(
  deps: McpDeps,
  uri: string,
  id: string,
  number: string,
): Promise<ResourceContents | null> {
  const { summary } = await listedMessage(deps, { id });
  const part = await deps.reading.read(partJob, summary, { part: number, utf8: false }, number);
  if (part === null) return null;
  const bytes = Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength);
  if (bytes.length > MAX_OCTETS) {
    throw new ProblemError(
      'too-large',
      `Part ${number} has ${bytes.length} octets, more than ${MAX_OCTETS}: download /api/messages/${summary.id}/parts/${number}`,
    );
  }
  return { uri, mimeType: `${part.type}/${part.subtype}`, blob: bytes.toString('base64') };
}

async function readInbox({ store }: McpDeps, uri: string, account: string): Promise<ResourceContents> {
  const page = presentPage(await store.messages.list({ ...readScope({ account }), limit: MAX_MESSAGES }));
  const inbox = {
    inbox: account,
    total: page.total,
    seq: page.seq,
    messages: page.messages.map(listedBrief),
  };
  return { uri, mimeType: 'application/json', text: JSON.stringify(inbox) };
}

function readPage(uri: string, name: string): ResourceContents | null {
  const file = Object.hasOwn(pages, name) ? pageFile(name) : undefined;
  return file === undefined ? null : { uri, mimeType: 'text/markdown', text: readFileSync(file, 'utf8') };
}

/** Reads a resource. Throws `RpcError` for a URI that names no resource. */
export async function readResource(
  deps: McpDeps,
  uri: string,
  { version, marker }: { readonly version: Version; readonly marker: string },
): Promise<ResourceContents> {
  const [, kind = '', first = '', piece = '', last = ''] =
    /^restante:\/\/(messages|inbox|docs)\/([^/]+)(?:\/(source|parts)(?:\/([^/]+))?)?$/.exec(uri) ?? [];
  const name = decoded(first) ?? '';
  const read = (): Promise<ResourceContents | null> | ResourceContents | null => {
    if (kind === 'docs' && piece === '') return readPage(uri, name);
    if (kind === 'inbox' && piece === '') return readInbox(deps, uri, name === '' ? ALL : name);
    if (kind !== 'messages') return null;
    if (piece === 'source' && last === '') return readSource(deps, uri, name, marker);
    if (piece === 'parts' && last !== '') return readPart(deps, uri, name, decoded(last) ?? '');
    return piece === '' ? readMessage(deps, uri, name) : null;
  };
  try {
    const contents = await read();
    if (contents !== null) return contents;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status !== 404) throw error;
  }
  throw unknownResource(uri, version);
}
