/** Sends mail with the unmodified npm package resend, whose base URL is set to Restante. */
import { expect, it } from 'vitest';
import { loadSdk, providerSdks, sdkNote } from '../../helpers/provider-sdks.ts';
import { takeMessages, typesOf } from '../../helpers/providers.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';

interface Result {
  readonly data: { readonly id: string } | null;
  readonly error: { readonly name: string; readonly statusCode: number } | null;
}

interface Resend {
  readonly emails: {
    send(mail: object, options?: { idempotencyKey: string }): Promise<Result>;
    get(id: string): Promise<{ data: unknown }>;
    update(change: { id: string; scheduledAt: string }): Promise<Result>;
    cancel(id: string): Promise<Result>;
  };
  readonly batch: {
    send(mails: readonly object[]): Promise<{ data: { data: readonly { id: string }[] } | null }>;
  };
  readonly domains: { list(): Promise<{ data: unknown }> };
}

const skip = providerSdks === undefined;

it.skipIf(skip)(`serves resend${sdkNote}`, async () => {
  const sandbox = await startTestSandbox();
  const { Resend } = await loadSdk<{
    Resend: new (key: string, options: { baseUrl: string }) => Resend;
  }>('resend');
  const resend = new Resend('re_abcdefghijklmnop', { baseUrl: `${sandbox.url}providers/resend` });
  const mail = {
    from: 'Shop <shop@shop.test>',
    to: ['ann@shop.test'],
    bcc: 'eve@shop.test',
    replyTo: 'reply@shop.test',
    subject: 'Welcome',
    text: 'Your code is 482913',
    html: '<p>Your code is <b>482913</b> <img src="cid:logo"></p>',
    headers: { 'X-Campaign': 'spring' },
    attachments: [
      { filename: 'logo.png', content: Buffer.from([0, 1, 2]), contentType: 'image/png', contentId: 'logo' },
      { filename: 'list.csv', content: Buffer.from('a,b') },
    ],
  };
  const sent = await resend.emails.send(mail, { idempotencyKey: 'order/1' });
  expect(sent.error).toBeNull();
  expect(await resend.emails.send(mail, { idempotencyKey: 'order/1' })).toMatchObject({ data: sent.data });
  expect(await resend.emails.get(sent.data?.id ?? '')).toMatchObject({ data: { subject: 'Welcome' } });
  const [captured, ...others] = await takeMessages(sandbox);
  expect(others).toEqual([]);
  expect(typesOf(captured!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/csv',
  ]);
  expect(captured).toMatchObject({
    envelope: { from: 'shop@shop.test', to: ['ann@shop.test', 'eve@shop.test'] },
    attachments: [{ size: 3 }, { filename: 'list.csv', size: 3 }],
    origin: { provider: { name: 'resend', id: sent.data?.id } },
  });

  const plain = { from: 'shop@shop.test', to: 'ann@shop.test', subject: 'Hi', text: 'Hi' };
  const batch = await resend.batch.send([plain, plain]);
  expect(batch.data?.data).toHaveLength(2);
  const later = await resend.emails.send({ ...plain, scheduledAt: 'in 1 hour' });
  const id = later.data?.id ?? '';
  expect(await resend.emails.update({ id, scheduledAt: '2030-01-01T00:00:00Z' })).toMatchObject({
    data: { id },
  });
  expect(await resend.emails.cancel(id)).toMatchObject({ data: { id }, error: null });
  expect(await resend.emails.send({ ...plain, to: 'nobody' })).toMatchObject({
    data: null,
    error: { name: 'validation_error', statusCode: 422 },
  });
  expect(await resend.domains.list()).toMatchObject({ data: { object: 'list', data: [] } });
});
