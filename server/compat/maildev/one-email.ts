/** The calls for one message: its content, octets and attachments, its relay, and its deletion. */
import { RelayRefusal } from '../../relay/relay.ts';
import { rawStream } from '../../service/raw-stream.ts';
import type { ListedMessage } from '../../store/store.ts';
import { CallError, jsonAnswer } from '../answer.ts';
import type { Call, CompatDeps, Handler } from '../call.ts';
import { findById, markRead } from '../find.ts';
import { htmlAnswer, linkParts, partAnswer } from '../parts.ts';
import { attachmentJob } from './content.ts';
import { fileNameOf, readEmail, readMaildevContent } from './email.ts';

async function findEmail(deps: CompatDeps, { account, params }: Call): Promise<ListedMessage> {
  const listed = await findById(deps, account, params['id'] ?? '');
  if (listed === undefined) throw new CallError('Email was not found', 404);
  return listed;
}

export const getEmail: Handler = async (deps, call) => {
  const listed = await findEmail(deps, call);
  const email = await readEmail(deps, { ...listed, seen: true });
  if (email === undefined) throw new CallError('Email was not found', 404);
  await markRead(deps.store, listed, call.account);
  return jsonAnswer(email);
};

export const deleteEmail: Handler = async (deps, call) => {
  const { summary } = await findEmail(deps, call);
  await deps.store.messages.remove([summary.id], call.account);
  return jsonAnswer(true);
};

export const getHtml: Handler = async (deps, call) => {
  const { summary } = await findEmail(deps, call);
  const { html, attachments } = await readMaildevContent(deps, summary);
  if (html === undefined) throw new CallError('Email has no HTML content', 404);
  const folder = `${call.root}api/email/${summary.id}/attachment/`;
  const names = new Map(
    attachments.map(({ contentId, generatedFileName }) => [contentId?.toLowerCase(), generatedFileName]),
  );
  const linked = linkParts(html, (contentId) => {
    const name = names.get(contentId);
    return name === undefined ? undefined : `${folder}${encodeURIComponent(name)}`;
  });
  return htmlAnswer(call, linked, folder);
};

export const getSource: Handler = async (deps, call) => {
  const { summary } = await findEmail(deps, call);
  return {
    type: 'text/plain; charset=utf-8',
    headers: { 'content-length': String(summary.size) },
    body: rawStream(deps.store, summary.id, summary.size),
  };
};

export const download: Handler = async (deps, call) => {
  const { summary } = await findEmail(deps, call);
  return {
    type: 'message/rfc822',
    headers: {
      'content-disposition': `attachment; filename=${fileNameOf(summary)}`,
      'content-length': String(summary.size),
    },
    body: rawStream(deps.store, summary.id, summary.size),
  };
};

export const getAttachment: Handler = async (deps, call) => {
  const { summary } = await findEmail(deps, call);
  const generatedFileName = call.params['filename'] ?? '';
  const file = await deps.reading.read(attachmentJob, summary, { generatedFileName }, generatedFileName);
  if (file === null) throw new CallError('Attachment not found', 404);
  return partAnswer(file);
};

const ADDRESS = /^[^\s@<>()[\],;:\\"]+@(?:\[[\d.]+\]|(?:[a-zA-Z\d-]+\.)+[a-zA-Z]{2,})$/;

export const relayEmail: Handler = async (deps, call) => {
  if (deps.relay.policy().mode === 'off') throw new CallError('Outgoing mail not configured', 500);
  const { summary } = await findEmail(deps, call);
  const to = call.params['to'];
  if (to !== undefined && !ADDRESS.test(to))
    throw new CallError(`Incorrect email address provided: ${to}`, 400);
  try {
    await deps.relay.release(summary.id, to === undefined ? null : [to]);
  } catch (error) {
    if (error instanceof RelayRefusal) throw new CallError(error.message, 500);
    throw error;
  }
  return jsonAnswer(true);
};
