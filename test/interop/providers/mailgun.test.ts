/** Sends mail with the unmodified npm package mailgun.js, whose base URL is set to Restante. */
import { expect, it } from 'vitest';
import { loadSdk, providerSdks, sdkNote } from '../../helpers/provider-sdks.ts';
import { takeMessages, typesOf } from '../../helpers/providers.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';

interface Client {
  readonly messages: { create(domain: string, mail: object): Promise<{ id: string; status: number }> };
  readonly events: { get(domain: string, query: object): Promise<{ items: readonly unknown[] }> };
}

type Mailgun = new (form: unknown) => { client(options: object): Client };

const skip = providerSdks === undefined;

it.skipIf(skip)(`serves mailgun.js${sdkNote}`, async () => {
  const sandbox = await startTestSandbox();
  const { default: Mailgun } = await loadSdk<{ default: Mailgun }>('mailgun.js');
  const { default: form } = await loadSdk<{ default: unknown }>('form-data');
  const url = `${sandbox.url}providers/mailgun`;
  const client = new Mailgun(form).client({ username: 'api', key: '0123456789abcdef0123456789abcdef', url });
  const mail = {
    from: 'Shop <shop@example.test>',
    to: ['Ann <ann@example.test>'],
    bcc: 'eve@example.test',
    subject: 'Welcome',
    text: 'Your code is 482913',
    html: '<p>Your code is <b>482913</b> <img src="cid:logo.png"></p>',
    'h:X-Campaign': 'spring',
    'o:tag': ['welcome'],
    inline: { filename: 'logo.png', data: Buffer.from([0, 1, 2]), contentType: 'image/png' },
    attachment: [{ filename: 'list.csv', data: Buffer.from('a,b'), contentType: 'text/csv' }],
  };
  const sent = await client.messages.create('example.test', mail);
  expect(sent.status).toBe(200);
  expect((await client.events.get('example.test', { event: 'delivered' })).items).toHaveLength(2);
  const [captured] = await takeMessages(sandbox);
  expect(typesOf(captured!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/csv',
  ]);
  expect(captured).toMatchObject({
    messageId: sent.id.slice(1, -1),
    envelope: { from: 'shop@example.test', to: ['ann@example.test', 'eve@example.test'] },
    origin: { provider: { name: 'mailgun', request: { subject: 'Welcome' } } },
  });

  await client.messages.create('example.test', {
    to: 'ann@example.test',
    message: 'From: shop@example.test\r\nTo: ann@example.test\r\nSubject: Own\r\n\r\nText\r\n',
  });
  expect((await takeMessages(sandbox))[0]?.subject).toBe('Own');

  await expect(client.messages.create('example.test', { ...mail, to: 'nobody' })).rejects.toMatchObject({
    status: 400,
    details: 'to parameter is not a valid address. please check documentation',
  });
});
