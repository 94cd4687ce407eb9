/**
 * The message that the checks read: its bytes, its structure, its decoded bodies and its parsed HTML. Bodies
 * are decoded and parsed on first use, and all checks share the result. Methods convert positions in bodies
 * and header fields to places in the raw message.
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

/**
 * The maximum number of octets that are read of all text bodies together, and of all HTML bodies together.
 * Gmail shows 102 KB; a message of ten times that size is a mistake, so the checks need not read the rest.
 */
export const MAX_READ = 1_000_000;
/** The maximum length of an excerpt in a finding, in characters. */
const EXCERPT = 120;

/** A decoded text part. Line ends are as in the message. */
export interface TextBody {
  readonly part: MimePart;
  readonly text: string;
  /** Whether `text` contains only the beginning of the part, because a limit was reached. */
  readonly truncated: boolean;
  /** Returns the place in the raw message of the characters from `start` to `end` (exclusive) of `text`. */
  placeOf(start: number, end?: number): FindingPlace;
}

export interface HtmlBody extends TextBody {
  /** The leniently parsed HTML. The positions of its nodes (`startIndex`, `endIndex`) refer to `text`. */
  readonly document: HtmlDocument;
}

/** Returns the text as one line of at most `EXCERPT` characters. */
export function excerptOf(text: string): string {
  const line = text
    .slice(0, EXCERPT * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT - 1)}…` : line;
}

/** Returns a function that creates a value at its first call, and returns the same value at later calls. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export class CheckedMessage {
  readonly raw: Buffer;
  readonly envelope: Envelope;
  /** The time of capture in milliseconds since the epoch; `null` for a message from a file. */
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

  /** The text/plain bodies, of which at most the first `MAX_READ` octets in total are decoded. */
  get texts(): readonly TextBody[] {
    return this.#noting(this.#texts());
  }

  /** The text/html bodies, of which at most the first `MAX_READ` octets in total are decoded. */
  get htmls(): readonly HtmlBody[] {
    return this.#noting(this.#htmls());
  }

  /** Returns whether a truncated body was read since the previous call of this method. */
  takeCut(): boolean {
    const cut = this.#cut;
    this.#cut = false;
    return cut;
  }

  /**
   * Returns the fields of the message's main header with the given name, in order. The case of the name is ignored.
   */
  headers(name: string): readonly HeaderField[] {
    const wanted = name.toLowerCase();
    return this.structure.root.headers.filter((field) => field.name.toLowerCase() === wanted);
  }

  /**
   * Returns the unfolded, undecoded value of the first field with the given name; `null` for a message without that
   * field.
   */
  header(name: string): string | null {
    return this.headers(name)[0]?.value.trim() ?? null;
  }

  /**
   * Returns the line and the column of an offset in the raw message. The optional properties of the place (header
   * field, part and excerpt) are not set.
   */
  placeAt(offset: number): FindingPlace {
    return { offset, ...this.#lines().placeOf(offset) };
  }

  /** Returns the place of a header field. */
  placeOfField(field: HeaderField): FindingPlace {
    return { header: field.name, ...this.placeAt(field.start), excerpt: excerptOf(field.value) };
  }

  /** Returns the place where a part begins. */
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
      const lines = lazily(() => new LineTable(text));
      bodies.push({
        part,
        text,
        truncated,
        placeOf: (start, end = start) => ({
          part: partNumber(part),
          ...this.placeAt(map.offsetOf(text, start)),
          decoded: lines().placeOf(start),
          ...(end > start ? { excerpt: excerptOf(text.slice(start, end)) } : {}),
        }),
      });
      left -= part.bodyEnd - part.bodyStart;
    }
    return bodies;
  }
}
