/** The tools that read the bytes of a message: its source and its attachments. */
import Type from 'typebox';
import { notFound } from '../../../contract/problems.ts';
import { partJob } from '../../service/reading/jobs.ts';
import { bytesGone } from '../../service/scope.ts';
import { linkContent, textContent, type Content } from '../call.ts';
import { defineTool } from '../tool.ts';
import { cleanLine, cleanText, fence } from '../untrusted.ts';
import { id, inbox, listedMessage } from './shared.ts';

const DEFAULT_OCTETS = 8_000;
const MAX_OCTETS = 50_000;

export const getSource = defineTool({
  name: 'get_source',
  title: 'Get the source',
  description: 'Reads octets of the raw message, header included. Hidden text is visible in it.',
  input: Type.Object({
    id,
    inbox,
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    max_octets: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_OCTETS, description: `Default ${DEFAULT_OCTETS}` }),
    ),
  }),
  output: Type.Object({
    id: Type.String(),
    source: Type.String(),
    size: Type.Integer(),
    next: Type.Optional(Type.Integer({ description: 'Offset of the rest' })),
  }),
  effects: { reads: true },
  async run({ offset = 0, max_octets = DEFAULT_OCTETS, ...asked }, call, deps) {
    const { id: key, size } = (await listedMessage(deps, asked)).summary;
    const end = Math.min(size, offset + max_octets);
    const bytes = await deps.store.messages.rawPart(key, Math.min(offset, size), end);
    if (bytes === undefined) throw bytesGone(key);
    const source = cleanText(bytes.toString());
    const rest = end < size ? ` The rest begins at offset ${end}.` : '';
    return {
      content: [textContent(`Message ${key}, ${size} octets.${rest}\n${fence(call.marker, [source])}`)],
      structured: { id: key, source, size, ...(end < size ? { next: end } : {}) },
    };
  },
});

/** The types of images that a result contains, and their maximum size in octets. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const MAX_IMAGE = 1_000_000;
/** The maximum number of characters of a text attachment in a result. */
const MAX_TEXT = 20_000;

export const getAttachment = defineTool({
  name: 'get_attachment',
  title: 'Get an attachment',
  description: 'Returns an image, a text, or for another file a link to a resource.',
  input: Type.Object({ id, inbox, part: Type.String({ description: 'Number, e.g. 2' }) }),
  output: Type.Object({
    id: Type.String(),
    part: Type.String(),
    name: Type.String(),
    type: Type.String(),
    size: Type.Integer(),
  }),
  effects: { reads: true },
  async run({ part: wanted, ...asked }, call, deps) {
    const { summary } = await listedMessage(deps, asked);
    const part = await deps.reading.read(partJob, summary, { part: wanted, utf8: true }, `${wanted}-utf8`);
    if (part === null) throw notFound(`Message ${summary.id} has no part ${wanted}`);
    const bytes = Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength);
    const type = cleanLine(`${part.type}/${part.subtype}`, 100);
    const facts = { id: summary.id, part: wanted, name: cleanLine(part.name, 100), type, size: bytes.length };
    const link = (): Content =>
      linkContent(call.version, {
        uri: `restante://messages/${summary.id}/parts/${encodeURIComponent(wanted)}`,
        name: facts.name,
        mimeType: type,
        size: bytes.length,
      });
    const body = (): Content => {
      if (IMAGES.has(type) && bytes.length <= MAX_IMAGE) {
        return { type: 'image', data: bytes.toString('base64'), mimeType: type };
      }
      if (part.type !== 'text') return link();
      return textContent(fence(call.marker, [cleanText(bytes.toString()).slice(0, MAX_TEXT)]));
    };
    return {
      content: [textContent(`Part ${wanted} of ${summary.id}: ${type}, ${bytes.length} octets.`), body()],
      structured: facts,
    };
  },
});
