/** The calls for attachments. */
import { partJob } from '../../service/reading/jobs.ts';
import type { MessageSummary } from '../../store/store.ts';
import { jsonAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { partAnswer } from '../parts.ts';
import { sizeText } from '../size-text.ts';
import { notFound } from './errors.ts';
import { findMessage, pathOf, readMailtrapContent } from './message.ts';
import { numberIn } from './records.ts';

/** The maximum number of attachments of a message that have a number. */
const MOST = 1000;

/** Returns the number of the attachment with an index in the message. */
export const attachmentNumber = ({ seq }: MessageSummary, index: number): number => seq * MOST + index;

async function readAttachments(deps: CompatDeps, call: Call) {
  const { inbox, listed } = await findMessage(deps, call);
  const { summary } = listed;
  const { attachments } = await readMailtrapContent(deps, summary);
  const at = new Date(summary.receivedAt).toISOString();
  const presented = attachments.slice(0, MOST).map((attachment, index) => {
    const id = attachmentNumber(summary, index);
    return {
      id,
      message_id: summary.seq,
      filename: attachment.filename,
      attachment_type: attachment.isInline ? 'inline' : 'attachment',
      content_type: attachment.contentType,
      content_id: attachment.contentId,
      transfer_encoding: attachment.encoding,
      attachment_size: attachment.size,
      created_at: at,
      updated_at: at,
      attachment_human_size: sizeText(attachment.size),
      download_path: `${pathOf(call, inbox, summary)}/attachments/${id}/download`,
    };
  });
  return { summary, attachments, presented };
}

export const listAttachments: Handler = async (deps, call) => {
  const { presented } = await readAttachments(deps, call);
  const type = call.query.get('attachment_type');
  return jsonAnswer(type === null ? presented : presented.filter((each) => each.attachment_type === type));
};

export const getAttachment: Handler = async (deps, call) => {
  const wanted = numberIn(call.params, 'attachment');
  const found = (await readAttachments(deps, call)).presented.find(({ id }) => id === wanted);
  if (found === undefined) throw notFound();
  return jsonAnswer(found);
};

export const downloadAttachment: Handler = async (deps, call) => {
  const { summary, attachments } = await readAttachments(deps, call);
  const part = attachments[numberIn(call.params, 'attachment') - attachmentNumber(summary, 0)]?.part;
  const found =
    part === undefined ? null : await deps.reading.read(partJob, summary, { part, utf8: false }, part);
  if (found === null) throw notFound();
  return partAnswer({ name: found.name, type: `${found.type}/${found.subtype}`, bytes: found.bytes });
};
