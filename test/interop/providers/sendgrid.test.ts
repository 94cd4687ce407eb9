/** Sends mail with the unmodified npm package @sendgrid/mail, whose base URL is set to Restante. */
import { expect, it } from 'vitest';
import { loadSdk, providerSdks, sdkNote } from '../../helpers/provider-sdks.ts';
import { takeMessages, typesOf } from '../../helpers/providers.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';

interface Client {
  setApiKey(key: string): void;
  setDefaultRequest(name: string, value: string): void;
}

interface MailService {
  setClient(client: Client): void;
  setApiKey(key: string): void;
  send(
    mail: object | readonly object[],
    isMultiple?: boolean,
  ): Promise<readonly [{ statusCode: number; headers: Record<string, string> }]>;
  sendMultiple(mail: object): Promise<readonly [{ statusCode: number }]>;
}

const skip = providerSdks === undefined;

it.skipIf(skip)(`serves @sendgrid/mail${sdkNote}`, async () => {
  const sandbox = await startTestSandbox();
  const { default: sdk } = await loadSdk<{ default: MailService & { MailService: new () => MailService } }>(
    '@sendgrid/mail',
  );
  const { default: clients } = await loadSdk<{ default: { Client: new () => Client } }>('@sendgrid/client');
  const client = new clients.Client();
  const mail = new sdk.MailService();
  mail.setClient(client);
  mail.setApiKey('SG.abcdefghijklmnop.qrstuvwxyz0123');
  // The library resets its base URL when the key is set.
  client.setDefaultRequest('baseUrl', `${sandbox.url}providers/sendgrid/`);
  const message = {
    to: 'Ann <ann@example.test>',
    from: 'Shop <shop@example.test>',
    bcc: 'eve@example.test',
    replyTo: 'reply@example.test',
    subject: 'Welcome',
    text: 'Your code is 482913',
    html: '<p>Your code is <b>482913</b> <img src="cid:logo"></p>',
    headers: { 'X-Campaign': 'spring' },
    attachments: [
      { content: 'AAEC', filename: 'logo.png', type: 'image/png', disposition: 'inline', content_id: 'logo' },
      { content: 'YSxi', filename: 'list.csv', type: 'text/csv', disposition: 'attachment' },
    ],
  };
  const [response] = await mail.send({ ...message });
  expect(response.statusCode).toBe(202);
  const [captured] = await takeMessages(sandbox);
  expect(typesOf(captured!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/csv',
  ]);
  expect(captured).toMatchObject({
    subject: 'Welcome',
    text: 'Your code is 482913',
    to: [{ name: 'Ann', address: 'ann@example.test' }],
    envelope: { from: 'shop@example.test', to: ['ann@example.test', 'eve@example.test'] },
    origin: { provider: { name: 'sendgrid', id: response.headers['x-message-id'], apiKey: 'SG.…0123' } },
  });

  await mail.sendMultiple({ ...message, to: ['ann@example.test', 'bob@example.test'] });
  expect((await takeMessages(sandbox)).map(({ to }) => to[0]?.address)).toEqual([
    'ann@example.test',
    'bob@example.test',
  ]);

  await expect(mail.send({ ...message, to: 'nobody' })).rejects.toMatchObject({
    code: 400,
    response: {
      body: {
        errors: [{ message: 'Does not contain a valid address.', field: 'personalizations.0.to.0.email' }],
      },
    },
  });
});
