/** The addresses below `/view`: the HTML and the text of a message, and redirects to pages of Restante's UI. */
import { CallError, redirect, textAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { findMessage } from './selection.ts';
import { noMessage } from './errors.ts';
import { markRead } from '../find.ts';
import { htmlAnswer, linkParts } from '../parts.ts';
import { contentJob, type MailpitContent } from './parts.ts';

/**
 * Returns the message of the call. For an unknown message, the views report another error text than the other
 * calls.
 */
async function findViewed(deps: CompatDeps, call: Call) {
  try {
    return await findMessage(deps, call);
  } catch (error) {
    if (error instanceof CallError && error.status === 404) throw noMessage();
    throw error;
  }
}

async function readViewed(deps: CompatDeps, call: Call): Promise<{ id: string; content: MailpitContent }> {
  const listed = await findViewed(deps, call);
  const json = await deps.reading.read(contentJob, listed.summary, {});
  await markRead(deps.store, listed, call.account);
  const content = JSON.parse(new TextDecoder().decode(json)) as MailpitContent;
  return { id: listed.summary.id, content };
}

/** Adds attributes to the links of an HTML document, so that the links open in a new window. */
const withNewWindows = (html: string): string =>
  html.replaceAll(/<a\b(?=[^>]*\shref\b)/gi, '<a target="_blank" rel="noreferrer noopener"');

export const viewHtml: Handler = async (deps, call) => {
  const { id, content } = await readViewed(deps, call);
  if (content.HTML === '') throw new CallError('This message does not contain a HTML part', 404);
  const folder = `${call.root}api/v1/message/${id}/part/`;
  const { Inline, Attachments } = content;
  const byId = new Map(
    [...Inline, ...Attachments].map((part) => [part.ContentID.toLowerCase(), part.PartID]),
  );
  const linked = linkParts(content.HTML, (contentId) => {
    const part = byId.get(contentId);
    return part === undefined ? undefined : `${folder}${part}`;
  });
  const isEmbedded = call.query.get('embed') === '1';
  return htmlAnswer(call, isEmbedded ? withNewWindows(linked) : linked, folder);
};

export const viewText: Handler = async (deps, call) =>
  textAnswer((await readViewed(deps, call)).content.Text);

const pageOf = ({ basePath }: CompatDeps, { account }: Call, id: string): string =>
  `${basePath}inbox/${encodeURIComponent(account)}/${id}`;

/** Redirects to the page of the latest message, or to the start page if no message matches. */
export const viewLatest: Handler = async (deps, call) => {
  try {
    const { summary } = await findMessage(deps, { ...call, params: { id: 'latest' } });
    return redirect(pageOf(deps, call, summary.id));
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return redirect(deps.basePath);
    throw error;
  }
};

export const viewPage: Handler = async (deps, call) =>
  redirect(pageOf(deps, call, encodeURIComponent(call.params['id'] ?? '')));
