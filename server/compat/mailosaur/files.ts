/** The calls for the octets of messages and attachments. */
import { partJob } from '../../service/reading/jobs.ts';
import { rawStream } from '../../service/raw-stream.ts';
import type { Handler } from '../call.ts';
import { partAnswer } from '../parts.ts';
import { notFound } from './errors.ts';
import { findMessage } from './message.ts';

export const getEmail: Handler = async (deps, call) => {
  const { id, size } = (await findMessage(deps, call, call.params['id'] ?? '')).summary;
  return {
    type: 'message/rfc822',
    headers: {
      'content-disposition': `attachment; filename="${id}.eml"`,
      'content-length': String(size),
    },
    body: rawStream(deps.store, id, size),
  };
};

/** The id of an attachment consists of the id of the message and the number of the part. */
export const getAttachment: Handler = async (deps, call) => {
  const [, id = '', part = ''] = /^([^-]+)-(.+)$/.exec(call.params['id'] ?? '') ?? [];
  const { summary } = await findMessage(deps, call, id);
  const found = part === '' ? null : await deps.reading.read(partJob, summary, { part, utf8: false }, part);
  if (found === null) throw notFound();
  return partAnswer({ name: found.name, type: `${found.type}/${found.subtype}`, bytes: found.bytes });
};
