/**
 * A message that is compared with search criteria. Its texts are decoded and folded (case removed) once for all
 * criteria. The store reads a large message in a worker thread, and its texts are searched in slices before the
 * criteria are evaluated.
 */
import { parseZonedDate, type ZonedDate } from '../../message/date.ts';
import { decodeWords, parseHeaders } from '../../message/header.ts';
import { searchText } from '../../message/search-text.ts';
import type { Searchable } from '../../store/find/language/searched.ts';
import { fold } from '../../store/find/language/fold.ts';
import { literalPattern } from '../../store/find/language/pattern.ts';
import { firstValue, headerFields } from '../message/header-block.ts';
import type { LoadedMessage } from '../message/message-cache.ts';
import type { Pace } from '../session/pace.ts';

interface SearchedField {
  /** Name of the header field in lower case. */
  readonly name: string;
  /** Value of the header field, decoded and folded (case removed). */
  readonly value: string;
}

/** Number of characters that are searched between two checks of the elapsed time. */
const STEP = 1 << 16;

export class SearchedMessage {
  readonly #message: LoadedMessage;
  /**
   * The texts of a large message, which a worker thread of the store has decoded; `undefined` for a small message.
   */
  readonly #searchable: Searchable | undefined;
  /** For each value that was already searched, whether the text of the message contains it. */
  readonly #inText = new Map<string, boolean>();
  /** For each value that was already searched, whether the header of the message contains it. */
  readonly #inHeader = new Map<string, boolean>();
  #fields: readonly SearchedField[] | null = null;
  #header: string | null = null;
  #text: string | null = null;

  constructor(message: LoadedMessage, searchable?: Searchable) {
    this.#message = message;
    this.#searchable = searchable;
  }

  /**
   * Searches the message for the given values, in time slices so that the event loop is not blocked. `textHolds`
   * and `headerHolds` use the results afterwards.
   */
  async lookFor(values: Iterable<string>, pace: Pace): Promise<void> {
    for (const value of values) {
      this.#inText.set(value, await holdsInSlices(this.text, value, pace));
      this.#inHeader.set(value, await holdsInSlices(this.header, value, pace));
    }
  }

  /** Returns whether the text of the message contains a value. @param value already folded (case removed) */
  textHolds(value: string): boolean {
    return this.#inText.get(value) ?? literalPattern(value).found(this.text);
  }

  /** Returns whether the header of the message contains a value. @param value already folded (case removed) */
  headerHolds(value: string): boolean {
    return this.#inHeader.get(value) ?? literalPattern(value).found(this.header);
  }

  get fields(): readonly SearchedField[] {
    const { header } = this.#message;
    this.#fields ??=
      this.#searchable?.headers.map(({ name, folded }) => ({ name, value: folded })) ??
      parseHeaders(header).map(({ name, value }) => ({
        name: name.toLowerCase(),
        value: fold(decodeWords(value)),
      }));
    return this.#fields;
  }

  /** All header fields with their names, folded (case removed). */
  get header(): string {
    this.#header ??= this.fields.map(({ name, value }) => `${name}: ${value}`).join(' ');
    return this.#header;
  }

  /** The text of all parts, folded (case removed). */
  get text(): string {
    this.#text ??= this.#searchable?.text ?? fold(searchText(this.#message.raw, this.#message.structure));
    return this.#text;
  }

  /** The date in the Date field with its time zone; `null` if the field is missing or invalid. */
  get date(): ZonedDate | null {
    const { header } = this.#message;
    const value = firstValue(header, headerFields(header), 'date');
    return value === null ? null : parseZonedDate(value);
  }
}

async function holdsInSlices(text: string, value: string, pace: Pace): Promise<boolean> {
  const finder = literalPattern(value).finder(text);
  for (;;) {
    const found = finder.step(STEP);
    if (found !== undefined) return found;
    if (pace.overdue) await pace.rest();
  }
}
