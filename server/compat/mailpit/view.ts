/** The addresses below `/view`: the HTML and the text of a message, and redirects to pages of Restante's UI. */
import { previewPolicy, partSources } from '../../service/preview/index.ts';
import { MailpitError, noMessage, redirect, textAnswer } from './answer.ts';
import { findMessage, type Call, type Handler, type MailpitDeps } from './call.ts';
import { markRead } from './message.ts';
import { contentJob, type MailpitContent } from './parts.ts';

/**
 * Returns the message of the call. For an unknown message, the views report another error text than the other
 * calls.
 */
async function findViewed(deps: MailpitDeps, call: Call) {
  try {
    return await findMessage(deps, call);
  } catch (error) {
    if (error instanceof MailpitError && error.status === 404) throw noMessage();
    throw error;
  }
}

async function readViewed(deps: MailpitDeps, call: Call): Promise<{ id: string; content: MailpitContent }> {
  const listed = await findViewed(deps, call);
  const json = await deps.reading.read(contentJob, listed.summary, {});
  await markRead(deps.store, listed, call.account);
  const content = JSON.parse(new TextDecoder().decode(json)) as MailpitContent;
  return { id: listed.summary.id, content };
}

const isQuoteOrEnd = /["'\s/>;)]/;

/** Replaces the `cid:` addresses of attributes by addresses of the parts. */
function linkParts(html: string, { Inline, Attachments }: MailpitContent, folder: string): string {
  const byId = new Map(
    [...Inline, ...Attachments].map((part) => [part.ContentID.toLowerCase(), part.PartID]),
  );
  return html.replaceAll(/(=\s*["']?)cid:([^"'\s>]+)/gi, (whole, before: string, id: string) => {
    const name = id.toLowerCase();
    const part = byId.get(name) ?? byId.get(isQuoteOrEnd.test(name.at(-1) ?? '') ? name.slice(0, -1) : name);
    return part === undefined ? whole : `${before}${folder}${part}`;
  });
}

/** Removes `meta` elements that would navigate to another page: the content security policy does not block them. */
const withoutRedirects = (html: string): string =>
  html.replaceAll(/<meta\b[^>]*http-equiv\s*=\s*["']?refresh[^>]*>/gi, '');

/** Lets links open in a new window. */
const withNewWindows = (html: string): string =>
  html.replaceAll(/<a\b(?=[^>]*\shref\b)/gi, '<a target="_blank" rel="noreferrer noopener"');

export const viewHtml: Handler = async (deps, call) => {
  const { id, content } = await readViewed(deps, call);
  if (content.HTML === '') throw new MailpitError('This message does not contain a HTML part', 404);
  const folder = `${call.root}api/v1/message/${id}/part/`;
  const linked = withoutRedirects(linkParts(content.HTML, content, folder));
  const own = partSources([call.request.headers.host], folder);
  return {
    type: 'text/html; charset=utf-8',
    headers: {
      // The policy permits neither scripts nor loads from the network, so the document may have the origin of this
      // server, from which it loads the parts of the message.
      'content-security-policy': previewPolicy(own, { remote: false, measured: true }),
      'x-dns-prefetch-control': 'off',
      'cache-control': 'no-store',
    },
    body: call.query.get('embed') === '1' ? withNewWindows(linked) : linked,
  };
};

export const viewText: Handler = async (deps, call) =>
  textAnswer((await readViewed(deps, call)).content.Text);

const pageOf = ({ basePath }: MailpitDeps, { account }: Call, id: string): string =>
  `${basePath}inbox/${encodeURIComponent(account)}/${id}`;

/** Redirects to the page of the latest message, or to the start page if no message matches. */
export const viewLatest: Handler = async (deps, call) => {
  try {
    const { summary } = await findMessage(deps, { ...call, params: { id: 'latest' } });
    return redirect(pageOf(deps, call, summary.id));
  } catch (error) {
    if (error instanceof MailpitError && error.status === 404) return redirect(deps.basePath);
    throw error;
  }
};

export const viewPage: Handler = async (deps, call) =>
  redirect(pageOf(deps, call, encodeURIComponent(call.params['id'] ?? '')));
