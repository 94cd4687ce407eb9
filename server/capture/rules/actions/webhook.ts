/** webhook: posts the message to a URL, signed and tried again until it is taken. */
import { action, type WebhookTarget } from '../action.ts';
import { isObject } from '../fields.ts';
import { afterRecipients, onceStored } from './after-storing.ts';

const EXPECTED = 'must be an http(s) URL, or { "url": "https://…", "secret": "…", "raw": true }';

const isWeb = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

export const webhook = action<WebhookTarget>({
  name: 'webhook',
  stages: afterRecipients,
  parse(value) {
    const { url, secret = null, raw = false, ...others } = isObject(value) ? value : { url: value };
    const good =
      isWeb(url) &&
      (secret === null || (typeof secret === 'string' && secret !== '')) &&
      typeof raw === 'boolean' &&
      Object.keys(others).length === 0;
    return good ? { parameter: { url, secret, raw } } : EXPECTED;
  },
  describe: ({ url }) => `posts to ${new URL(url).origin}`,
  async run(target, context) {
    const { rule, world } = context;
    onceStored(context, 'webhook', (stored) => world.webhooks.enqueue(target, rule, stored));
    return undefined;
  },
});
