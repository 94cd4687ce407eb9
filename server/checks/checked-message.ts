/**
 * A message as the checks read it: bytes, structure, bodies decoded and HTML parsed, each made when it is first asked
 * for and shared by all checks; and the place in the raw message of whatever a finding speaks of.
 */
import { bodiesOf } from '../message/bodies.ts';
import type { Envelope } from '../message/envelope.ts';
import type { FindingPlace } from '../message/finding.ts';
import { parseStructure } from '../message/parse.ts';
import { decodeText, partNumber } from '../message/part.ts';
import type { HeaderField, MessageStructure, MimePart } from '../message/structure.ts';
import { parseHtml, type HtmlDocument } from './html.ts';
import { LineTable } from './line-table.ts';
import { SourceMap } from './source-map.ts';

/** Octets read of the bodies of one kind. Gmail shows 102 KB; ten times that is a mistake that one need not read on. */
export const MAX_READ = 1_000_000;
/** Characters of an excerpt. */
const EXCERPT = 120;

/** One text part, decoded. Line ends are as sent. */
export interface TextBody {
  readonly part: MimePart;
  readonly text: string;
  /** Whether the part goes on where `text` ends. */
  readonly truncated: boolean;
  /** Where in the message the characters from `start` to `end` (exclusive) stand. */
  placeOf(start: number, end?: number): FindingPlace;
}

export interface HtmlBody extends TextBody {
  /** Parsed leniently, with the place of each node in `text` (`startIndex`, `endIndex`). */
  readonly document: HtmlDocument;
}

/** One line, shortened. */
export function excerptOf(text: string): string {
  const line = text
    .slice(0, EXCERPT * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT - 1)}…` : line;
}

/** Makes a value once. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export class CheckedMessage {
  readonly raw: Buffer;
  readonly envelope: Envelope;
  /** When it came, in milliseconds since the epoch; `null` for one out of a file. */
  readonly receivedAt: number | null;
  readonly structure: MessageStructure;
  readonly #lines: () => LineTable;
  readonly #texts: () => readonly TextBody[];
  readonly #htmls: () => readonly HtmlBody[];
  #cut = false;

  constructor(raw: Buffer, envelope: Envelope, receivedAt: number | null = null) {
    this.raw = raw;
    this.envelope = envelope;
    this.receivedAt = receivedAt;
    this.structure = parseStructure(raw);
    this.#lines = lazily(() => new LineTable(raw));
    this.#texts = lazily(() => this.#read(bodiesOf(this.structure).text));
    this.#htmls = lazily(() =>
      this.#read(bodiesOf(this.structure).html).map((body) => {
        const { document, truncated } = parseHtml(body.text);
        return { ...body, document, truncated: body.truncated || truncated };
      }),
    );
  }

  /** The text/plain bodies, at most `MAX_READ` octets of them. */
  get texts(): readonly TextBody[] {
    return this.#noting(this.#texts());
  }

  /** The text/html bodies, at most `MAX_READ` octets of them. */
  get htmls(): readonly HtmlBody[] {
    return this.#noting(this.#htmls());
  }

  /** Whether somebody read a body that was cut short since this was last asked. */
  takeCut(): boolean {
    const cut = this.#cut;
    this.#cut = false;
    return cut;
  }

  /** Fields of the message's own header with that name, in order. */
  headers(name: string): readonly HeaderField[] {
    const wanted = name.toLowerCase();
    return this.structure.root.headers.filter((field) => field.name.toLowerCase() === wanted);
  }

  /** The value of the first field of that name, unfolded and not decoded; `null` when there is none. */
  header(name: string): string | null {
    return this.headers(name)[0]?.value.trim() ?? null;
  }

  /** Where octets of the raw message stand; all of a place but header, part and excerpt. */
  placeAt(offset: number): FindingPlace {
    return { offset, ...this.#lines().placeOf(offset) };
  }

  /** Where a field stands. */
  placeOfField(field: HeaderField): FindingPlace {
    return { header: field.name, ...this.placeAt(field.start), excerpt: excerptOf(field.value) };
  }

  /** Where a part begins. */
  placeOfPart(part: MimePart): FindingPlace {
    return { part: partNumber(part), ...this.placeAt(part.headerStart) };
  }

  #noting<T extends TextBody>(bodies: readonly T[]): readonly T[] {
    if (bodies.some(({ truncated }) => truncated)) this.#cut = true;
    return bodies;
  }

  #read(parts: readonly MimePart[]): TextBody[] {
    const bodies: TextBody[] = [];
    let left = MAX_READ;
    for (const part of parts) {
      if (left <= 0) break;
      const text = decodeText(this.raw, part, left);
      const truncated = part.bodyEnd - part.bodyStart > left;
      const map = new SourceMap(this.raw, part);
      bodies.push({
        part,
        text,
        truncated,
        placeOf: (start, end = start) => ({
          part: partNumber(part),
          ...this.placeAt(map.offsetOf(text, start)),
          ...(end > start ? { excerpt: excerptOf(text.slice(start, end)) } : {}),
        }),
      });
      left -= part.bodyEnd - part.bodyStart;
    }
    return bodies;
  }
}
