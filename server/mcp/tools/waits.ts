/** The tools that wait for a message, for a code in a message, or for a link in a message. */
import Type, { type Static } from 'typebox';
import { LinkKind, type Detail } from '../../../contract/index.ts';
import { quoteValue } from '../../../contract/text/query.ts';
import { readScope } from '../../service/scope.ts';
import type { WaitTimeoutReport } from '../../service/wait/index.ts';
import type { ListedMessage } from '../../store/store.ts';
import { textContent, type Call, type ToolOutcome } from '../call.ts';
import type { McpDeps } from '../deps.ts';
import { Code, codeLine, codesOf, Link, linkLine, linksOf, readCleanText, readDetail } from '../reading.ts';
import { defineTool } from '../tool.ts';
import { fence } from '../untrusted.ts';
import { missingOf, missingText, Reasons } from './missing.ts';
import { after, Brief, briefLines, briefOfListed, inbox, query } from './shared.ts';

/** The default and the maximum duration of a wait in milliseconds. */
const DEFAULT_TIMEOUT = 15_000;
const MAX_TIMEOUT = 120_000;
/** The maximum number of characters of the text in the result of a wait. */
const MAX_TEXT = 2_000;

const timeout_ms = Type.Optional(
  Type.Integer({ minimum: 0, maximum: MAX_TIMEOUT, description: `Default ${DEFAULT_TIMEOUT}` }),
);

interface Wish {
  readonly inbox?: string | undefined;
  readonly query?: string | undefined;
  readonly after?: number | undefined;
  readonly timeout_ms?: number | undefined;
}

interface Found {
  readonly listed: ListedMessage;
  readonly detail: Detail;
}

type Outcome = { readonly found: Found } | { readonly timeout: WaitTimeoutReport };

/** Waits for the first message for which the function `accepts` returns true. */
async function waitFor(
  deps: McpDeps,
  call: Call,
  { inbox: account, query: words, after: from = 0, timeout_ms: timeout = DEFAULT_TIMEOUT }: Wish,
  accepts: (detail: Detail) => boolean,
): Promise<Outcome> {
  const scope = readScope({
    ...(account === undefined ? {} : { account }),
    ...(words === undefined ? {} : { query: words }),
  });
  const began = deps.clock();
  const spent = (): number => Math.max(0, deps.clock() - began);
  return call.hold('Waiting for mail', timeout, async () => {
    let seq = from;
    for (;;) {
      const outcome = await deps.waits.wait({
        scope,
        after: seq,
        reportAfter: from,
        timeout: Math.max(0, timeout - spent()),
        waited: spent(),
        signal: call.signal,
      });
      if ('timeout' in outcome) return outcome;
      const detail = await readDetail(deps, outcome.message);
      if (accepts(detail)) return { found: { listed: outcome.message, detail } };
      seq = outcome.message.summary.seq;
    }
  });
}

/** Returns a query for all given conditions. */
function joined(words: string | undefined, fields: Readonly<Record<string, string | undefined>>): string {
  const terms = Object.entries(fields).flatMap(([field, value]) =>
    value === undefined ? [] : [`${field}:${quoteValue(value)}`],
  );
  return [...((words ?? '').trim() === '' ? [] : [`(${words ?? ''})`]), ...terms].join(' ');
}

const timedOut = async (deps: McpDeps, call: Call, report: WaitTimeoutReport) => {
  const missing = await missingOf(deps, report);
  return {
    content: [textContent(`No message matched in time.\n${missingText(call.marker, missing)}`)],
    structured: { found: false, missing },
  };
};

const text = Type.Optional(Type.String());

const WaitOutcome = Type.Object({
  found: Type.Boolean(),
  message: Type.Optional(
    Type.Object({
      ...Brief.properties,
      text: Type.String(),
      cut: Type.Boolean(),
      codes: Type.Array(Code),
      links: Type.Array(Link),
      removed: Type.String(),
    }),
  ),
  missing: Type.Optional(Reasons),
});

export const waitForMessage = defineTool({
  name: 'wait_for_message',
  title: 'Wait for a message',
  description:
    'Holds the call until a message matches (at once if one is there). On timeout, explains what arrived instead.',
  input: Type.Object({
    inbox,
    query,
    from: text,
    to: text,
    subject: text,
    after,
    timeout_ms,
    have: Type.Optional(Type.Enum(['code', 'link'])),
  }),
  output: WaitOutcome,
  effects: { reads: true },
  async run(
    { from, to, subject, have, ...wish },
    call,
    deps,
  ): Promise<ToolOutcome<Static<typeof WaitOutcome>>> {
    const outcome = await waitFor(
      deps,
      call,
      { ...wish, query: joined(wish.query, { from, to, subject }) },
      ({ codes, links }) =>
        have === undefined ||
        (have === 'code' ? codes.length > 0 : links.some(({ kind }) => kind !== 'unsubscribe')),
    );
    if ('timeout' in outcome) return timedOut(deps, call, outcome.timeout);
    const { listed, detail } = outcome.found;
    const brief = briefOfListed(listed);
    const [codes, links] = [codesOf(detail), linksOf(detail)];
    const { text: whole, removed } = await readCleanText(deps, listed);
    const shown = whole.slice(0, MAX_TEXT);
    const cut = shown.length < whole.length;
    const notes = [
      `Message ${brief.id}, seq ${brief.seq}.`,
      ...(cut ? [`The text is cut; get_message returns all ${whole.length} characters.`] : []),
      removed,
    ].filter((note) => note !== '');
    const lines = [...briefLines(brief), ...codes.map(codeLine), ...links.map(linkLine), '', shown];
    return {
      content: [textContent(`${notes.join(' ')}\n${fence(call.marker, lines)}`)],
      structured: { found: true, message: { ...brief, text: shown, cut, codes, links, removed } },
    };
  },
});

const CodeOutcome = Type.Object({
  found: Type.Boolean(),
  code: Type.Optional(Type.String()),
  confidence: Type.Optional(Type.Number()),
  id: Type.Optional(Type.String()),
  seq: Type.Optional(Type.Integer()),
  candidates: Type.Optional(Type.Array(Type.Unsafe<Code>({ type: 'object' }))),
  missing: Type.Optional(Reasons),
});

/** The minimum confidence at which a code is returned without the other candidates. */
const CERTAIN = 0.7;

export const waitForCode = defineTool({
  name: 'wait_for_code',
  title: 'Wait for a code',
  description: 'Waits for a one-time code; returns the code, and candidates if it is ambiguous.',
  input: Type.Object({ inbox: Type.String(), query, after, timeout_ms }),
  output: CodeOutcome,
  effects: { reads: true },
  async run(wish, call, deps): Promise<ToolOutcome<Static<typeof CodeOutcome>>> {
    const outcome = await waitFor(deps, call, wish, ({ codes }) => codes.length > 0);
    if ('timeout' in outcome) return timedOut(deps, call, outcome.timeout);
    const { listed, detail } = outcome.found;
    const codes = codesOf(detail);
    const [best, next] = codes;
    if (best === undefined) throw new Error('A message was accepted for its codes and has none');
    const isClear =
      best.confidence >= CERTAIN && (next === undefined || next.confidence < best.confidence - 0.2);
    const { id, seq } = listed.summary;
    return {
      content: [
        textContent(
          `Message ${id}, seq ${seq}.\n${fence(call.marker, (isClear ? [best] : codes).map(codeLine))}`,
        ),
      ],
      structured: {
        found: true,
        code: best.value,
        confidence: best.confidence,
        id,
        seq,
        ...(isClear ? {} : { candidates: codes }),
      },
    };
  },
});

const LinkOutcome = Type.Object({
  found: Type.Boolean(),
  url: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  confidence: Type.Optional(Type.Number()),
  id: Type.Optional(Type.String()),
  seq: Type.Optional(Type.Integer()),
  candidates: Type.Optional(Type.Array(Type.Unsafe<Link>({ type: 'object' }))),
  missing: Type.Optional(Reasons),
});

/**
 * Returns the confidence that the first of `count` links of the same kind is the requested link: 1 divided by
 * `count`, and half of that for links without a recognized purpose.
 */
const linkConfidence = (kind: string, count: number): number =>
  Math.round((kind === 'other' ? 50 : 100) / count) / 100;

export const waitForLink = defineTool({
  name: 'wait_for_link',
  title: 'Wait for a link',
  description:
    'Waits for a link, of a kind if given; returns its URL, and candidates if it is ambiguous. Requests nothing.',
  input: Type.Object({ inbox: Type.String(), kind: Type.Optional(LinkKind), query, after, timeout_ms }),
  output: LinkOutcome,
  effects: { reads: true },
  async run({ kind, ...wish }, call, deps): Promise<ToolOutcome<Static<typeof LinkOutcome>>> {
    const fits = (link: { readonly kind: string }): boolean =>
      kind === undefined ? link.kind !== 'unsubscribe' : link.kind === kind;
    const outcome = await waitFor(deps, call, wish, (detail) => linksOf(detail).some(fits));
    if ('timeout' in outcome) return timedOut(deps, call, outcome.timeout);
    const { listed, detail } = outcome.found;
    const links = linksOf(detail).filter(fits);
    const [best] = links;
    if (best === undefined) throw new Error('A message was accepted for its links and has none');
    const rivals = links.filter((link) => link.kind === best.kind && link.url !== best.url);
    const { id, seq } = listed.summary;
    return {
      content: [
        textContent(`Message ${id}, seq ${seq}.\n${fence(call.marker, [best, ...rivals].map(linkLine))}`),
      ],
      structured: {
        found: true,
        url: best.url,
        kind: best.kind,
        confidence: linkConfidence(best.kind, rivals.length + 1),
        id,
        seq,
        ...(rivals.length === 0 ? {} : { candidates: [best, ...rivals] }),
      },
    };
  },
});
