/** The tools that list messages and read one message in parts. */
import Type, { type Static } from 'typebox';
import type { Detail } from '../../../contract/index.ts';
import type { Seq } from '../../store/ids.ts';
import { presentPage } from '../../service/present/message.ts';
import { readScope } from '../../service/scope.ts';
import type { ListedMessage } from '../../store/store.ts';
import { textContent, type ToolOutcome } from '../call.ts';
import type { McpDeps } from '../deps.ts';
import { codeLine, codesOf, linkLine, linksOf, readCleanText, readDetail } from '../reading.ts';
import { defineTool } from '../tool.ts';
import { cleanLine, cleanText, fence } from '../untrusted.ts';
import {
  after,
  Brief,
  briefLines,
  briefOfListed,
  id,
  inbox,
  listedBrief,
  listedMessage,
  query,
} from './shared.ts';

/** The default and the maximum number of messages in a list. */
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;

const scopeOf = (asked: { readonly inbox?: string | undefined; readonly query?: string | undefined }) =>
  readScope({
    ...(asked.inbox === undefined ? {} : { account: asked.inbox }),
    ...(asked.query === undefined ? {} : { query: asked.query }),
  });

export const listMessages = defineTool({
  name: 'list_messages',
  title: 'List messages',
  description: 'Lists messages, newest first.',
  input: Type.Object({
    inbox,
    query,
    after,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_LIMIT, description: `Default ${DEFAULT_LIMIT}` }),
    ),
    cursor: Type.Optional(Type.String()),
  }),
  output: Type.Object({
    messages: Type.Array(Brief),
    total: Type.Integer(),
    totalIsAtLeast: Type.Optional(Type.Literal(true)),
    next: Type.Optional(Type.String()),
  }),
  effects: { reads: true },
  async run({ limit = DEFAULT_LIMIT, cursor, after: from, ...asked }, call, { store }) {
    const page = presentPage(
      await store.messages.list({
        ...scopeOf(asked),
        limit,
        ...(cursor === undefined ? {} : { cursor }),
        ...(from === undefined ? {} : { after: from as Seq }),
      }),
    );
    const messages = page.messages.map(listedBrief);
    const lines = messages.map(
      ({ id: key, seq, from: sender, to, subject }) =>
        `${key} seq ${seq} ${sender} → ${to.join(', ')}: ${subject}`,
    );
    const more = page.next === null ? '' : ` More with cursor ${page.next}.`;
    const { total, totalIsAtLeast = false } = page;
    const head = `${messages.length} of ${totalIsAtLeast ? 'more than ' : ''}${total} messages.${more}`;
    return {
      content: [textContent(lines.length === 0 ? head : `${head}\n${fence(call.marker, lines)}`)],
      structured: {
        messages,
        total,
        ...(totalIsAtLeast && { totalIsAtLeast }),
        ...(page.next !== null && { next: page.next }),
      },
    };
  },
});

const parts = ['text', 'html', 'headers', 'links', 'codes', 'attachments', 'checks', 'transcript'] as const;
type PartName = (typeof parts)[number];
const DEFAULT_PARTS: readonly PartName[] = ['text', 'links', 'codes'];

/** The default and the maximum number of characters of all parts in one result. */
const DEFAULT_CHARS = 8_000;
const MAX_CHARS = 50_000;

/** The schema of a part that is shown as lines; `items` is left out, because the list of tools must be short. */
const Lines = Type.Unsafe<string[]>({ type: 'array' });

const MessageParts = Type.Object({
  ...Brief.properties,
  text: Type.Optional(Type.String()),
  html: Type.Optional(Type.String()),
  headers: Type.Optional(Lines),
  links: Type.Optional(Lines),
  codes: Type.Optional(Lines),
  attachments: Type.Optional(Lines),
  checks: Type.Optional(Lines),
  transcript: Type.Optional(Lines),
  removed: Type.Optional(Type.String()),
  /** The names of the parts that were cut because of the limit of characters. */
  cut: Type.Array(Type.String()),
});
type MessageParts = Static<typeof MessageParts>;

/**
 * Limits the number of characters of one result. The parts of the result are added one after the other, and each
 * part can use the characters that the previous parts have left.
 */
class Ceiling {
  readonly cut: string[] = [];
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  text(part: string, text: string): string {
    const taken = text.slice(0, this.#left);
    this.#left -= taken.length;
    if (taken.length < text.length) this.cut.push(part);
    return taken;
  }

  /** Returns those first lines of a part that fit into the remaining number of characters. */
  lines(part: string, lines: readonly string[]): string[] {
    const taken: string[] = [];
    for (const line of lines) {
      if (line.length > this.#left) {
        this.cut.push(part);
        break;
      }
      this.#left -= line.length;
      taken.push(line);
    }
    return taken;
  }
}

interface PartReader {
  readonly listed: ListedMessage;
  readonly detail: Detail;
  readonly deps: McpDeps;
  readonly ceiling: Ceiling;
  /** The number of characters that are skipped at the start of the text and of the HTML. */
  readonly offset: number;
}

/** The functions that read the parts of a message, by part, in the order in which the result contains the parts. */
const readers: Readonly<Record<PartName, (reader: PartReader) => Promise<Partial<MessageParts>>>> = {
  async codes({ detail, ceiling }) {
    return { codes: ceiling.lines('codes', codesOf(detail).map(codeLine)) };
  },
  async links({ detail, ceiling }) {
    return { links: ceiling.lines('links', linksOf(detail).map(linkLine)) };
  },
  async attachments({ detail, ceiling }) {
    const lines = detail.attachments.map(({ part, name, type, size }) =>
      cleanLine(`attachment ${part} ${type} ${size} octets: ${name}`, 200),
    );
    return { attachments: ceiling.lines('attachments', lines) };
  },
  async text({ deps, listed, ceiling, offset }) {
    const { text, removed } = await readCleanText(deps, listed);
    return { text: ceiling.text('text', text.slice(offset)), removed };
  },
  async headers({ detail, ceiling }) {
    const lines = detail.headers.map(
      ({ name, value }) => `${cleanLine(name, 100)}: ${cleanLine(value, 1_000)}`,
    );
    return { headers: ceiling.lines('headers', lines) };
  },
  async checks({ deps, listed, ceiling }) {
    const results = (await deps.checks.results(listed.summary.id)) ?? [];
    const lines = results
      .flatMap(({ findings }) => findings)
      .map(({ severity, check, rule, message }) => cleanLine(`${severity} ${check}/${rule}: ${message}`));
    return { checks: ceiling.lines('checks', lines) };
  },
  async transcript({ deps, listed, ceiling }) {
    const stored = await deps.store.messages.get(listed.summary.id);
    const lines = (stored?.transcript ?? []).map(({ from, text }) => `${from}: ${cleanLine(text)}`);
    return { transcript: ceiling.lines('transcript', lines) };
  },
  async html({ detail, ceiling, offset }) {
    return { html: ceiling.text('html', cleanText(detail.html ?? '').slice(offset)) };
  },
};

function linesOf({ codes = [], links = [], attachments = [], ...rest }: MessageParts): string[] {
  return [
    ...briefLines(rest),
    ...codes,
    ...links,
    ...attachments,
    ...(rest.headers ?? []),
    ...(rest.checks ?? []),
    ...(rest.transcript ?? []),
    ...(rest.text === undefined ? [] : ['', rest.text]),
    ...(rest.html === undefined ? [] : ['', rest.html]),
  ];
}

export const getMessage = defineTool({
  name: 'get_message',
  title: 'Get a message',
  description: 'Reads parts of a message, at most max_chars in total. Default: text, links, codes.',
  input: Type.Object({
    id,
    inbox,
    query,
    parts: Type.Optional(Type.Array(Type.Enum(parts))),
    max_chars: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_CHARS, description: `Default ${DEFAULT_CHARS}` }),
    ),
    offset: Type.Optional(Type.Integer({ minimum: 0, description: 'Skipped characters' })),
  }),
  output: MessageParts,
  effects: { reads: true },
  async run(
    { parts: wanted = DEFAULT_PARTS, max_chars = DEFAULT_CHARS, offset = 0, ...asked },
    call,
    deps,
  ): Promise<ToolOutcome<MessageParts>> {
    const listed = await listedMessage(deps, asked);
    const ceiling = new Ceiling(max_chars);
    const reader = { listed, detail: await readDetail(deps, listed), deps, ceiling, offset };
    const pieces: Partial<MessageParts> = {};
    for (const [name, read] of Object.entries(readers)) {
      if (wanted.some((part) => part === name)) Object.assign(pieces, await read(reader));
    }
    const message: MessageParts = { ...briefOfListed(listed), ...pieces, cut: ceiling.cut };
    const notes = [
      `Message ${message.id}, seq ${message.seq}.`,
      ...(message.cut.length === 0 ? [] : [`Cut: ${message.cut.join(', ')}.`]),
      message.removed ?? '',
    ].filter((note) => note !== '');
    return {
      content: [textContent(`${notes.join(' ')}\n${fence(call.marker, linesOf(message))}`)],
      structured: message,
    };
  },
});
