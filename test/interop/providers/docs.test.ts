/**
 * Runs every example of docs/providers.md with the libraries of the providers, and sends a message by it through the
 * built program.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { MessagePage } from '../../../contract/index.ts';
import { startProgram } from '../../helpers/program.ts';
import { providerSdks, sdkNote } from '../../helpers/provider-sdks.ts';

const page = readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'docs', 'providers.md'), 'utf8');

/** The statement that sends a message with the client of an example, by the heading above the example. */
const sending: Readonly<Record<string, string>> = {
  SendGrid: "await mail.send({ from: 'shop@x.test', to: 'ann@x.test', subject: 'SendGrid', text: 'Hello' });",
  Resend:
    "await resend.emails.send({ from: 'shop@x.test', to: 'ann@x.test', subject: 'Resend', text: 'Hello' });",
  Postmark:
    "await client.sendEmail({ From: 'shop@x.test', To: 'ann@x.test', Subject: 'Postmark', TextBody: 'Hello' });",
  Mailgun:
    "await client.messages.create('x.test', { from: 'shop@x.test', to: 'ann@x.test', subject: 'Mailgun', text: 'Hello' });",
};

const examples = page
  .split(/^## /m)
  .flatMap((section) =>
    [...section.matchAll(/^```js\n(.*?)^```$/gms)].map(
      ([, code = '']) => [section.split('\n')[0]!, code] as const,
    ),
  );

it('docs/providers.md has an example for every provider that is tested here', () => {
  expect(examples.map(([provider]) => provider)).toEqual(Object.keys(sending));
});

it.skipIf(providerSdks === undefined)(`the examples of docs/providers.md send mail${sdkNote}`, async () => {
  const program = await startProgram(['--memory']);
  const address = `127.0.0.1:${program.port('Web UI and API')}`;
  for (const [provider, code] of examples) {
    // The module is beside the libraries that it imports.
    const file = path.join(providerSdks!, '..', `example-${provider}-${process.pid}.mjs`);
    onTestFinished(() => rmSync(file, { force: true }));
    writeFileSync(file, `${code.replaceAll('127.0.0.1:8025', address)}\n${sending[provider]}\n`);
    await import(pathToFileURL(file).href);
  }
  const { messages } = (await (await fetch(`http://${address}/api/messages`)).json()) as MessagePage;
  expect(messages.map(({ subject }) => subject)).toEqual(Object.keys(sending).reverse());
});
