/**
 * The action `webhook`: sends the message to a URL by a signed POST request, and retries until the receiver
 * accepts the request.
 */
import { effectAction, webhookFormats, type ParsedParameter, type WebhookTarget } from '../action.ts';
import { isObject, readParameter } from '../fields.ts';

const isWeb = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

const webUrl = (value: unknown): string | null => (isWeb(value) ? value : null);

export function parseWebhook(value: unknown): ParsedParameter<WebhookTarget> {
  if (!isObject(value)) {
    const url = webUrl(value);
    return url === null
      ? 'must be an http(s) URL, or { "url": "https://…", "secret": "…", "raw": true }'
      : { parameter: { url, secret: null, raw: false } };
  }
  return readParameter(value, 'webhook', (fields) => {
    const url = fields.read('url', webUrl, 'must be an http(s) URL');
    if (!fields.has('url')) fields.problem('url', 'is missing: set it to an http(s) URL');
    const raw = fields.boolean('raw') ?? false;
    const format = fields.choice('format', webhookFormats) ?? 'restante';
    if (raw && format !== 'restante') fields.problem('raw', `is not possible with the format ${format}`);
    const target = { url: url ?? '', secret: fields.text('secret') ?? null, raw };
    return format === 'restante' ? target : { ...target, format };
  });
}

export const webhook = effectAction<WebhookTarget>({
  name: 'webhook',
  parse: parseWebhook,
  describe: ({ url }) => `posts to ${new URL(url).origin}`,
  // The action itself does nothing, because the class `Webhooks` sends the requests of webhooks, with a log and
  // a queue of its own.
  perform: () => Promise.resolve(),
});
