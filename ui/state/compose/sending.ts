/** Sends a draft: into the sandbox, as if an application had sent it, or to the application itself. */
import type { Compose } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import type { Draft, DraftAttachment } from './drafts.ts';

export type Destination = 'capture' | 'application';

/** Splits a list of addresses at the commas that are outside quoted names. */
export const addressesOf = (text: string): string[] =>
  (text.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? []).map((one) => one.trim()).filter((one) => one !== '');

/**
 * The number of octets that one call of `String.fromCharCode` converts: a call with more arguments would exceed
 * the limit of the JavaScript engine.
 */
const CHUNK = 0x8000;

function base64({ bytes }: DraftAttachment): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

function composed(draft: Draft): Compose {
  const { cc, bcc } = { cc: addressesOf(draft.cc), bcc: addressesOf(draft.bcc) };
  return {
    from: draft.from.trim(),
    to: addressesOf(draft.to),
    ...(cc.length === 0 ? {} : { cc }),
    ...(bcc.length === 0 ? {} : { bcc }),
    subject: draft.subject,
    text: draft.text,
    ...(draft.html.trim() === '' ? {} : { html: draft.html }),
    ...(draft.inReplyTo === null ? {} : { inReplyTo: draft.inReplyTo }),
    ...(draft.references.length === 0 ? {} : { references: [...draft.references] }),
    ...(draft.attachments.length === 0
      ? {}
      : {
          attachments: draft.attachments.map((one) => ({
            filename: one.filename,
            type: one.type,
            content: base64(one),
          })),
        }),
  };
}

/** Sends a draft; resolves with the text of the notice that reports the result. */
export async function sendDraft(draft: Draft, to: Destination): Promise<string> {
  const mail = composed(draft);
  if (to === 'application') {
    const { reply, rejected } = await client.handOver(mail);
    return [s.compose.handed(reply), ...rejected.map((one) => s.compose.rejected(one.to, one.reply))].join(
      ' ',
    );
  }
  const { id } = await client.compose(mail);
  return id === null ? s.compose.discarded : s.compose.sent;
}

/** Loads the attachments of the forwarded message. */
export function carriedAttachments({ forwarded }: Draft): Promise<DraftAttachment[]> {
  return Promise.all(
    (forwarded?.attachments ?? []).map(async ({ name, part, type }) => ({
      filename: name,
      type,
      bytes: await client.part(forwarded?.id ?? '', part),
    })),
  );
}
