/** The calls for the bodies, the octets and the header fields of a message. */
import { rawStream } from '../../service/raw-stream.ts';
import { jsonAnswer, textAnswer, type Answer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { htmlAnswer, linkParts } from '../parts.ts';
import { attachmentNumber } from './attachments.ts';
import { notFound } from './errors.ts';
import { findMessage, pathOf, readMailtrapContent } from './message.ts';

/** Returns the HTML with the addresses of inline parts on this server. */
export const getHtml: Handler = async (deps, call) => {
  const { inbox, listed } = await findMessage(deps, call);
  const { html, attachments } = await readMailtrapContent(deps, listed.summary);
  if (html === null) throw notFound();
  const folder = `${call.root}${pathOf(call, inbox, listed.summary).slice(1)}/attachments/`;
  const byId = new Map(attachments.map(({ contentId }, index) => [contentId?.toLowerCase(), index]));
  const linked = linkParts(html, (contentId) => {
    const index = byId.get(contentId);
    return index === undefined ? undefined : `${folder}${attachmentNumber(listed.summary, index)}/download`;
  });
  return htmlAnswer(call, linked, folder);
};

/** Returns the HTML as text, so that a browser shows the source. */
export const getHtmlSource: Handler = async (deps, call) => {
  const { html } = await readMailtrapContent(deps, (await findMessage(deps, call)).listed.summary);
  if (html === null) throw notFound();
  return textAnswer(html);
};

export const getText: Handler = async (deps, call) => {
  const { text } = await readMailtrapContent(deps, (await findMessage(deps, call)).listed.summary);
  if (text === null) throw notFound();
  return textAnswer(text);
};

async function octets(deps: CompatDeps, call: Call, type: string): Promise<Answer> {
  const { id, size, seq } = (await findMessage(deps, call)).listed.summary;
  return {
    type,
    headers: {
      'content-length': String(size),
      ...(type === 'message/rfc822' ? { 'content-disposition': `attachment; filename="${seq}.eml"` } : {}),
    },
    body: rawStream(deps.store, id, size),
  };
}

export const getRaw: Handler = (deps, call) => octets(deps, call, 'text/plain; charset=utf-8');
export const getEml: Handler = (deps, call) => octets(deps, call, 'message/rfc822');

export const getHeaders: Handler = async (deps, call) => {
  const { listed } = await findMessage(deps, call);
  const { headers } = await readMailtrapContent(deps, listed.summary);
  const { bcc } = listed.summary;
  const hidden = bcc.map(({ address }) => address).join(', ');
  return jsonAnswer({ headers: { ...headers, ...(hidden === '' ? {} : { bcc: hidden }) } });
};
