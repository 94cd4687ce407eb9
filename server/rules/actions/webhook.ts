/**
 * The action `webhook`: sends the message to a URL by a signed POST request, and retries until the receiver
 * accepts the request.
 */
import { effectAction, type WebhookTarget } from '../action.ts';
import { isObject } from '../fields.ts';

const EXPECTED = 'must be an http(s) URL, or { "url": "https://…", "secret": "…", "raw": true }';

const isWeb = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/**
 * Parses the parameter of the action. If the parameter is invalid, returns a text that describes the expected
 * value.
 */
export function parseWebhook(value: unknown): { readonly parameter: WebhookTarget } | string {
  const { url, secret = null, raw = false, ...others } = isObject(value) ? value : { url: value };
  const good =
    isWeb(url) &&
    (secret === null || (typeof secret === 'string' && secret !== '')) &&
    typeof raw === 'boolean' &&
    Object.keys(others).length === 0;
  return good ? { parameter: { url, secret, raw } } : EXPECTED;
}

export const webhook = effectAction<WebhookTarget>({
  name: 'webhook',
  parse: parseWebhook,
  describe: ({ url }) => `posts to ${new URL(url).origin}`,
  // The action itself does nothing, because the class `Webhooks` sends the requests of webhooks, with a log and
  // a queue of its own.
  perform: () => Promise.resolve(),
});
