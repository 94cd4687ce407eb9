/** Reads one large message in every way, in a process whose heap its parent limits. Usage: `read-large.ts NAME` */
import { readContent } from '../../server/message/content.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodedSize, decodePart } from '../../server/message/part.ts';
import { searchText } from '../../server/message/search-text.ts';
import { summarize } from '../../server/message/summary.ts';
import { LARGE } from './large-messages.ts';

const make = LARGE[process.argv[2] ?? ''];
if (make === undefined)
  throw new Error(`Unknown message “${process.argv[2] ?? ''}”. Use a name of large-messages.ts.`);
const raw = make();
const structure = parseStructure(raw);
summarize(raw, structure, { from: { address: '', parameters: {} }, to: [] });
readContent(raw, structure);
searchText(raw, structure);
const size = decodedSize(raw, structure.root);
const decoded = decodePart(raw, structure.root);
process.stdout.write(JSON.stringify({ octets: raw.length, size, decoded: decoded.length }));
