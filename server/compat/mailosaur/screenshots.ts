/**
 * The calls for screenshots of messages. The pictures show the message in the browser of this machine, in a window of
 * the width of the requested client. They do not show the message as that client would.
 */
import { jsonAnswer } from '../answer.ts';
import { parseMembers, readBody, textsIn, type Members } from '../body.ts';
import type { Handler } from '../call.ts';
import { FieldError, notFound } from './errors.ts';
import { findMessage } from './message.ts';

/** The width of the window for the clients of telephones, in CSS pixels. */
const PHONE_WIDTH = 390;

const CLIENTS = [
  { label: 'Browser of the server', name: 'browser' },
  { label: 'Browser of the server, dark', name: 'browser-dark' },
  { label: 'Browser of the server, width of a phone', name: 'browser-phone' },
  { label: 'Browser of the server, width of a phone, dark', name: 'browser-phone-dark' },
] as const;

export const listEmailClients: Handler = async () => jsonAnswer({ items: CLIENTS });

const CLIENT = /^[a-z0-9._-]{1,60}$/i;

interface Wanted {
  readonly emailClient: string;
  readonly disableImages: boolean;
}

/**
 * Returns the requested previews: a list of names (`emailClients`), or a list of objects (`previews`), which is the
 * older form.
 */
function previewsIn(members: Members): readonly Wanted[] {
  const previews = members['previews'];
  const wanted = Array.isArray(previews)
    ? previews.map((preview: unknown) => {
        const { emailClient, disableImages } = (preview ?? {}) as Partial<Record<keyof Wanted, unknown>>;
        return {
          emailClient: typeof emailClient === 'string' ? emailClient : '',
          disableImages: disableImages === true,
        };
      })
    : textsIn(members, 'emailClients').map((emailClient) => ({ emailClient, disableImages: false }));
  if (wanted.length === 0 || !wanted.every(({ emailClient }) => CLIENT.test(emailClient)))
    throw new FieldError('emailClients', 'Please provide the names of email clients, such as browser');
  return wanted;
}

export const requestScreenshots: Handler = async (deps, call) => {
  const { id } = (await findMessage(deps, call, call.params['id'] ?? '')).summary;
  const wanted = previewsIn(parseMembers(await readBody(call.request)));
  // The id of a preview contains the whole request: the picture is taken when the client requests it.
  return jsonAnswer({ items: wanted.map((each) => ({ id: `${id}-${each.emailClient}`, ...each })) });
};

export const getScreenshot: Handler = async (deps, call) => {
  const [, id = '', client = ''] = /^([^-]+)-(.+)$/.exec(call.params['id'] ?? '') ?? [];
  const { summary } = await findMessage(deps, call, id);
  if (!CLIENT.test(client)) throw notFound();
  const isPhone = /phone|android|ios|mobile/i.test(client);
  const { png } = await deps.pictures.take(summary, {
    dark: /dark/i.test(client),
    ...(isPhone ? { width: PHONE_WIDTH } : {}),
  });
  return { type: 'image/png', body: png };
};
