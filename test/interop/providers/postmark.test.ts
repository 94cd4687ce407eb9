/** Sends mail with the unmodified npm package postmark, whose base URL is set to Restante. */
import { expect, it } from 'vitest';
import { loadSdk, providerSdks, sdkNote } from '../../helpers/provider-sdks.ts';
import { takeMessages, typesOf } from '../../helpers/providers.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';

interface Result {
  readonly MessageID: string;
  readonly ErrorCode: number;
}

interface ServerClient {
  sendEmail(mail: object): Promise<Result>;
  sendEmailBatch(mails: readonly object[]): Promise<readonly Result[]>;
  sendEmailWithTemplate(mail: object): Promise<Result>;
  createTemplate(template: object): Promise<{ TemplateId: number }>;
  getServer(): Promise<unknown>;
  getOutboundMessages(filter: object): Promise<unknown>;
  getOutboundMessageDetails(id: string): Promise<unknown>;
  getDeliveryStatistics(): Promise<unknown>;
}

const skip = providerSdks === undefined;

it.skipIf(skip)(`serves postmark${sdkNote}`, async () => {
  const sandbox = await startTestSandbox();
  const { ServerClient } = await loadSdk<{
    ServerClient: new (token: string, options: object) => ServerClient;
  }>('postmark');
  const requestHost = `${new URL(sandbox.url).host}/providers/postmark`;
  const client = new ServerClient('01234567-89ab-cdef', { useHttps: false, requestHost });
  const mail = {
    From: 'Shop <shop@example.test>',
    To: 'Ann <ann@example.test>',
    Bcc: 'eve@example.test',
    Subject: 'Welcome',
    TextBody: 'Your code is 482913',
    HtmlBody: '<p>Your code is <b>482913</b> <img src="cid:logo"></p>',
    Headers: [{ Name: 'X-Campaign', Value: 'spring' }],
    Attachments: [
      { Name: 'logo.png', Content: 'AAEC', ContentType: 'image/png', ContentID: 'cid:logo' },
      { Name: 'list.csv', Content: 'YSxi', ContentType: 'text/csv', ContentID: null },
    ],
  };
  const sent = await client.sendEmail(mail);
  expect(sent.ErrorCode).toBe(0);
  expect(await client.getOutboundMessageDetails(sent.MessageID)).toMatchObject({ Subject: 'Welcome' });
  expect(await client.getOutboundMessages({ count: 5, offset: 0 })).toMatchObject({ TotalCount: 1 });
  const [captured] = await takeMessages(sandbox);
  expect(typesOf(captured!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/csv',
  ]);
  expect(captured).toMatchObject({
    envelope: { from: 'shop@example.test', to: ['ann@example.test', 'eve@example.test'] },
    origin: { provider: { name: 'postmark', id: sent.MessageID, request: { Subject: 'Welcome' } } },
  });

  const batch = await client.sendEmailBatch([mail, { ...mail, To: 'nobody' }]);
  expect(batch.map(({ ErrorCode }) => ErrorCode)).toEqual([0, 300]);
  const { TemplateId } = await client.createTemplate({
    Name: 'Code',
    Subject: 'Hi',
    TextBody: 'Code {{code}}',
  });
  const { From, To } = mail;
  await client.sendEmailWithTemplate({ From, To, TemplateId, TemplateModel: { code: 482913 } });
  expect((await takeMessages(sandbox)).at(-1)?.text?.trim()).toBe('Code 482913');

  await expect(client.sendEmail({ ...mail, To: 'nobody' })).rejects.toMatchObject({
    name: 'InvalidEmailRequestError',
    code: 300,
    statusCode: 422,
  });
  expect(await client.getServer()).toMatchObject({ DeliveryType: 'Sandbox' });
  expect(await client.getDeliveryStatistics()).toMatchObject({ InactiveMails: 0 });
});
