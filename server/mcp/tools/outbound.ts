/** The tools that send mail: into the sandbox, or back to the application under test. */
import Type from 'typebox';
import type { Compose } from '../../../contract/index.ts';
import { badRequest, ProblemError } from '../../../contract/problems.ts';
import { composeMessage, envelopeFor } from '../../service/compose.ts';
import { composeBounce, composeComplaint, composeReply, type Response } from '../../service/respond.ts';
import { bytesGone } from '../../service/scope.ts';
import type { StoredMessage } from '../../store/store.ts';
import { textContent } from '../call.ts';
import type { McpDeps } from '../deps.ts';
import { defineTool } from '../tool.ts';
import { cleanLine } from '../untrusted.ts';
import { id, inbox, listedMessage } from './shared.ts';

const optionalText = Type.Optional(Type.String());
/** The maximum number of rejected recipients in a result. */
const MAX_REJECTED = 50;
const Rejected = Type.Array(Type.Object({ to: Type.String(), reply: Type.String() }));

export const sendMessage = defineTool({
  name: 'send_message',
  title: 'Send a message',
  description: 'Captures a message as if the application had sent it by SMTP; rules apply.',
  input: Type.Object({
    from: Type.String(),
    to: Type.Array(Type.String(), { minItems: 1 }),
    subject: optionalText,
    text: optionalText,
    html: optionalText,
    attachments: Type.Optional(
      Type.Array(
        Type.Object({
          filename: Type.String(),
          content: Type.String({ description: 'Base64' }),
          type: optionalText,
        }),
      ),
    ),
  }),
  output: Type.Object({ id: Type.Optional(Type.String()), reply: Type.String(), rejected: Rejected }),
  effects: {},
  async run({ from, to, subject, text, html, attachments }, _call, { capture, maxMessageSize }) {
    const mail: Compose = {
      from,
      to,
      ...(subject === undefined ? {} : { subject }),
      ...(text === undefined ? {} : { text }),
      ...(html === undefined ? {} : { html }),
      ...(attachments === undefined ? {} : { attachments }),
    };
    const raw = await composeMessage(mail);
    if (raw.length > maxMessageSize) {
      throw new ProblemError('too-large', `The message is larger than ${maxMessageSize} octets`);
    }
    const envelope = envelopeFor(raw, mail, {});
    if (envelope.to.length === 0) throw badRequest('send_message: to contains no address');
    const { id: stored, reply, rejected } = await capture.submit(raw, envelope);
    const outcome = stored === null ? 'A rule discarded the message' : `Captured as ${stored}`;
    const refused = rejected.length === 0 ? '' : ` ${rejected.length} recipients were rejected.`;
    return {
      content: [textContent(`${outcome}: ${reply}${refused}`)],
      structured: {
        ...(stored === null ? {} : { id: stored }),
        reply,
        rejected: rejected
          .slice(0, MAX_REJECTED)
          .map(({ to: address, reply: refusal }) => ({ to: cleanLine(address), reply: cleanLine(refusal) })),
      },
    };
  },
});

const HandedOver = Type.Object({ to: Type.Array(Type.String()), reply: Type.String() });

/** Composes a response to a stored message and sends it to the application under test. */
async function respond(
  deps: McpDeps,
  asked: { readonly id: string; readonly inbox?: string | undefined },
  compose: (message: StoredMessage, original: Buffer) => Response | Promise<Response>,
) {
  const { application, store } = deps;
  if (application === null) {
    throw new ProblemError(
      'no-application',
      'The address of the application is not configured: start Restante with --app smtp://HOST:PORT, or with a URL that accepts mail by POST',
    );
  }
  const { id: key } = (await listedMessage(deps, asked)).summary;
  const [stored, original] = [await store.messages.get(key), await store.messages.raw(key)];
  if (stored === undefined || original === undefined) throw bytesGone(key);
  const { raw, from, to } = await compose(stored, original);
  const { reply } = await application.hand(raw, { from, to });
  const said = cleanLine(reply);
  return {
    content: [textContent(`Sent to ${application.url}. Its reply: ${said}`)],
    structured: { to: to.slice(0, MAX_REJECTED), reply: said },
  };
}

const contacts = { contacts: true } as const;

export const replyAsRecipient = defineTool({
  name: 'reply_as_recipient',
  title: 'Reply as the recipient',
  description: 'Sends a reply to a message to the application under test (--app).',
  input: Type.Object({
    id,
    inbox,
    text: Type.String(),
    html: optionalText,
    from: Type.Optional(Type.String({ description: 'Default the first recipient' })),
  }),
  output: HandedOver,
  effects: contacts,
  run: ({ id: key, inbox: account, ...wish }, _call, deps) =>
    respond(deps, { id: key, inbox: account }, (message, original) => composeReply(message, original, wish)),
});

export const bounceMessage = defineTool({
  name: 'bounce',
  title: 'Bounce a message',
  description: 'Sends a delivery report (RFC 3464) on a message to the application (--app).',
  input: Type.Object({
    id,
    inbox,
    action: Type.Optional(Type.Enum(['failed', 'delayed'])),
    status: Type.Optional(Type.String({ description: 'E.g. 5.1.1' })),
    diagnostic: optionalText,
    recipient: optionalText,
  }),
  output: HandedOver,
  effects: contacts,
  run: ({ id: key, inbox: account, action = 'failed', ...wish }, _call, deps) =>
    respond(deps, { id: key, inbox: account }, (message, original) =>
      composeBounce(message, original, { action, ...wish }, deps.clock()),
    ),
});

export const complain = defineTool({
  name: 'complain',
  title: 'Complain about a message',
  description: 'Sends an abuse report (RFC 5965) on a message to the application (--app).',
  input: Type.Object({ id, inbox }),
  output: HandedOver,
  effects: contacts,
  run: (asked, _call, deps) =>
    respond(deps, asked, (message, original) => composeComplaint(message, original, deps.clock())),
});
