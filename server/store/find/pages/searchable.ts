/** Reads the searchable content of a message: header fields, text and names of attachments. */
import { decodeWords } from '../../../message/header.ts';
import { parseStructure } from '../../../message/parse.ts';
import { filenames, searchText } from '../../../message/search-text.ts';
import type { MessageStructure } from '../../../message/structure.ts';
import type { Searchable, SearchedField } from '../language/searched.ts';
import { fold } from '../language/fold.ts';
import type { Job } from '../../../thread/job.ts';

/** Empty content. It is used for a message whose bytes are missing, or whose content cannot be read in time. */
export const NOTHING_TO_SEARCH: Searchable = { headers: [], text: '', filenames: [] };

/**
 * Maximum total number of characters of a message's header field values that are searched; real headers are
 * far shorter.
 */
const MAX_HEADERS = 1 << 20;

export function searchedFields({ root }: MessageStructure): SearchedField[] {
  const fields: SearchedField[] = [];
  let left = MAX_HEADERS;
  for (const { name, value: raw } of root.headers) {
    if (left <= 0) break;
    const value = decodeWords(raw.slice(0, left));
    left -= raw.length + name.length;
    fields.push({ name: name.toLowerCase(), value, folded: fold(value) });
  }
  return fields;
}

export function readSearchable(raw: Buffer, structure = parseStructure(raw)): Searchable {
  return {
    headers: searchedFields(structure),
    text: fold(searchText(raw, structure)),
    filenames: filenames(structure),
  };
}

export const job: Job<Uint8Array, Searchable> = {
  name: 'searchable',
  run: (raw) => readSearchable(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)),
};
