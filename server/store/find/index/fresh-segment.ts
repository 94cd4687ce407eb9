/**
 * The segment of the search index that is in memory and receives new messages. It stores the tokens of each
 * body in the order of the text; a search scans all of them. When the segment is large enough, it is written
 * to disk as a `StoredSegment`, which has a list of positions for each token.
 */
import type { TimeSlice } from '../../../async/time-slice.ts';
import { Bits } from './bits.ts';
import { isHeaderColumn, type IndexedDocument, type IndexedFacts } from './document.ts';
import { uint32Array } from './large-buffer.ts';
import { DOCUMENT, Keys, type ColumnMatch, type Segment } from './segment.ts';
import { tokenize, type TokenSink, type TokenTerm } from './tokens.ts';

/** Maximum number of characters that are divided into tokens before the next check of the time slice. */
const STEP = 1 << 14;
/**
 * Maximum number of token positions that are indexed for one message. The rest of a longer text is not
 * indexed; to search it, the matcher reads the message.
 */
const MAX_POSITIONS = 1 << 21;
/**
 * Number that is stored in place of a token where a run of characters was cut because it is too long for one
 * token. No search term matches this number.
 */
export const CUT = 0;

/** Number of tokens for which a segment has space at first. A store for a few messages never needs more. */
const SHORT_STREAM = 1 << 12;
/** Number of tokens for which a segment has space once it has grown: about as many as a full segment contains. */
const LONG_STREAM = 9 << 16;

/**
 * Returns a copy of a text that was cut out of a longer text. V8 represents such a text of 13 characters or more as a
 * reference to the longer text, which would stay in memory as long as the shorter one.
 */
const ownCopy = (text: string): string => (text.length < 13 ? text : ` ${text}`.slice(1));

/** A column of the search index in memory: short texts, and the documents that contain them. */
export class FreshColumn {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /**
   * Numbers of the documents that have a text in the column, ascending. `textOf` contains, at the same index,
   * the number of that text.
   */
  readonly docs: number[] = [];
  readonly textOf: number[] = [];

  /** Returns the index of a text in `texts`. */
  numberOf(text: string): number {
    return this.#numbers.get(text) ?? 0;
  }

  add(doc: number, text: string): void {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.#numbers.set(text, number);
    }
    this.docs.push(doc);
    this.textOf.push(number);
  }

  /** Adds to `found` the documents that have a matching text in this column. */
  find(isMatch: (text: string) => boolean, found: Bits): void {
    const matching = this.texts.map(isMatch);
    for (let at = 0; at < this.docs.length; at++) {
      if (matching[this.textOf[at] ?? 0] === true) found.add(this.docs[at] ?? 0);
    }
  }
}

export class FreshSegment implements TokenSink, Segment {
  readonly facts: IndexedFacts[] = [];
  readonly columns = new Map<string, FreshColumn>();
  /**
   * The distinct tokens of the segment, by token number. The number `CUT` (0) is reserved and is not the
   * number of a token.
   */
  readonly tokens: string[] = [''];
  readonly partial = new Bits();
  readonly #numbers = new Map<string, number>();
  #stream: Uint32Array<ArrayBuffer>;
  #length = 0;
  /**
   * For each document, the index of its first token in the stream of all tokens; the last element is the index for
   * the next document.
   */
  readonly #starts: number[] = [0];
  /**
   * Whether the document that is currently added contains a run of characters that was cut because it is too
   * long for one token.
   */
  #wasCut = false;

  /** @param stream an array for the tokens, which the segment overwrites; for example from `takeStream` of an older segment */
  constructor(stream = uint32Array(SHORT_STREAM)) {
    this.#stream = stream;
  }

  get size(): number {
    return this.facts.length;
  }

  /**
   * Returns the array of the tokens, so that the next segment can use it. This segment must not be used any more.
   */
  takeStream(): Uint32Array<ArrayBuffer> {
    const stream = this.#stream;
    this.#stream = uint32Array(0);
    return stream;
  }

  /** Returns the number of a token that occurs in the segment. */
  numberOf(token: string): number {
    return this.#numbers.get(token) ?? CUT;
  }

  /** Total number of token positions in all documents of the segment. */
  get positions(): number {
    return this.#length;
  }

  /** Number of token positions of each document, by document number. */
  get lengths(): readonly number[] {
    return this.facts.map((_, doc) => (this.#starts[doc + 1] ?? 0) - (this.#starts[doc] ?? 0));
  }

  /** Returns the token numbers of a document in the order of its text. */
  tokensOf(doc: number): Uint32Array {
    return this.#stream.subarray(this.#starts[doc], this.#starts[doc + 1]);
  }

  /**
   * Adds a document. The document becomes visible to searches when the promise is resolved.
   *
   * Calls must not overlap.
   */
  async add(document: IndexedDocument, slice: TimeSlice): Promise<void> {
    const doc = this.size;
    const start = this.#length;
    let isPartial = false;
    for (let at = 0; at < document.body.length;) {
      if (slice.over) await slice.rest();
      if (this.#length - start >= MAX_POSITIONS - STEP) {
        isPartial = true;
        break;
      }
      at = tokenize(document.body, this, at, at + STEP);
    }
    for (const [column, text] of document.texts) this.#column(column).add(doc, text);
    this.#starts.push(this.#length);
    this.facts.push({ hasHtml: document.hasHtml, hasAttachments: document.hasAttachments });
    if (isPartial || this.#wasCut) this.partial.add(doc);
    this.#wasCut = false;
  }

  #column(name: string): FreshColumn {
    let column = this.columns.get(name);
    if (column === undefined) this.columns.set(name, (column = new FreshColumn()));
    return column;
  }

  token(text: string): void {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.tokens.length;
      const own = ownCopy(text);
      this.tokens.push(own);
      this.#numbers.set(own, number);
    }
    this.#append(number);
  }

  cut(): void {
    this.#wasCut = true;
    this.#append(CUT);
  }

  #append(number: number): void {
    if (this.#length === this.#stream.length) {
      const grown = uint32Array(Math.max(LONG_STREAM, this.#stream.length * 2));
      grown.set(this.#stream);
      this.#stream = grown;
    }
    this.#stream[this.#length++] = number;
  }

  findInBody(term: TokenTerm): Promise<Bits> {
    const found = new Bits(this.size);
    this.#eachMatch(term, (doc) => {
      found.add(doc);
      return true;
    });
    return Promise.resolve(found);
  }

  occurrences(term: TokenTerm): Promise<Float64Array> {
    const keys = new Keys();
    this.#eachMatch(term, (doc, position) => {
      keys.add(doc * DOCUMENT + position);
      return false;
    });
    return Promise.resolve(keys.all);
  }

  findInColumn(name: string | null, match: ColumnMatch, found: Bits): Promise<void> {
    for (const [each, column] of this.columns) {
      if (name === null ? isHeaderColumn(each) : each === name) column.find(match.test, found);
    }
    return Promise.resolve();
  }

  withFact(fact: keyof IndexedFacts): Bits {
    return Bits.from(
      this.facts.flatMap((facts, doc) => (facts[fact] ? [doc] : [])),
      this.size,
    );
  }

  /**
   * Calls `use` for each occurrence of a term in the bodies. If `use` returns true, the remaining occurrences
   * in the same document are skipped.
   */
  #eachMatch(term: TokenTerm, use: (doc: number, position: number) => boolean): void {
    const tests =
      term.kind === 'inside'
        ? [this.#flags((token) => token.includes(term.text))]
        : this.#phrase(term.tokens);
    const [first] = tests;
    if (first === undefined || tests.some((flags) => flags === null)) return;
    for (let doc = 0; doc < this.size; doc++) {
      const tokens = this.tokensOf(doc);
      for (let at = 0; at + tests.length <= tokens.length; at++) {
        if (first?.[tokens[at] ?? CUT] === 1 && matchesAt(tokens, at, tests) && use(doc, at)) break;
      }
    }
  }

  /**
   * Returns one array for each place of a phrase. The array is indexed by token number and contains 1 for the
   * tokens that match at that place; it is `null` if no token of the segment matches there.
   */
  #phrase(tokens: readonly string[]): (Uint8Array | null)[] {
    return tokens.map((text, at) => {
      if (at === 0) return this.#flags((token) => token.endsWith(text));
      if (at === tokens.length - 1) return this.#flags((token) => token.startsWith(text));
      const number = this.#numbers.get(text);
      return number === undefined ? null : this.#only(number);
    });
  }

  #only(number: number): Uint8Array {
    const flags = new Uint8Array(this.tokens.length);
    flags[number] = 1;
    return flags;
  }

  #flags(test: (token: string) => boolean): Uint8Array | null {
    const flags = new Uint8Array(this.tokens.length);
    let isEmpty = true;
    for (let number = 1; number < this.tokens.length; number++) {
      if (!test(this.tokens[number] ?? '')) continue;
      flags[number] = 1;
      isEmpty = false;
    }
    return isEmpty ? null : flags;
  }
}

function matchesAt(tokens: Uint32Array, at: number, tests: readonly (Uint8Array | null)[]): boolean {
  for (let place = 1; place < tests.length; place++) {
    if (tests[place]?.[tokens[at + place] ?? CUT] !== 1) return false;
  }
  return true;
}
