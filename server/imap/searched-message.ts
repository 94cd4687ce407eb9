/**
 * A message that search criteria look into: what they compare is decoded and folded once, however many there are.
 * Of a big message that takes a tenth of a second, so it is let go of with its candidate.
 */
import { parseZonedDate, type ZonedDate } from '../message/date.ts';
import { decodeWords } from '../message/header.ts';
import { searchText } from '../message/search-text.ts';
import { fieldValue, firstValue, headerFields } from './header-block.ts';
import type { LoadedMessage } from './message-cache.ts';

/** Text as it is compared: without regard to case, compatible characters alike, white space as unfolding may leave it. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');

interface SearchedField {
  /** In lower case. */
  readonly name: string;
  /** Decoded and folded. */
  readonly value: string;
}

export class SearchedMessage {
  readonly #message: LoadedMessage;
  #fields: readonly SearchedField[] | null = null;
  #header: string | null = null;
  #text: string | null = null;

  constructor(message: LoadedMessage) {
    this.#message = message;
  }

  get fields(): readonly SearchedField[] {
    const { header } = this.#message;
    this.#fields ??= headerFields(header)
      .filter(({ name }) => name !== '')
      .map((field) => ({ name: field.name, value: fold(decodeWords(fieldValue(header, field))) }));
    return this.#fields;
  }

  /** All fields with their names, folded. */
  get header(): string {
    this.#header ??= this.fields.map(({ name, value }) => `${name}: ${value}`).join(' ');
    return this.#header;
  }

  /** The text of all parts, folded. */
  get text(): string {
    this.#text ??= fold(searchText(this.#message.raw, this.#message.structure));
    return this.#text;
  }

  /** The Date field; `null` when there is none or it cannot be read. */
  get date(): ZonedDate | null {
    const { header } = this.#message;
    const value = firstValue(header, headerFields(header), 'date');
    return value === null ? null : parseZonedDate(value);
  }
}
