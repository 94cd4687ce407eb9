/** A test that waits for a message like a given one, in several languages. */
import type { Detail } from '../server/api/contract.ts';

export interface TestLanguage {
  readonly key: string;
  readonly name: string;
  code(message: Detail, url: string): string;
}

const quote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;

function facts(message: Detail) {
  const recipient = message.envelope.to[0] ?? 'you@example.test';
  const phrase = message.subject.replaceAll(/["\\]/g, ' ').trim();
  return {
    recipient,
    query: phrase === '' ? 'is:unread' : `subject:"${phrase}"`,
    link: message.links.find(({ kind }) => kind !== 'other' && kind !== 'unsubscribe'),
    code: message.codes[0],
  };
}

/** Lines that assert what this message has, in the words of vitest, jest and Playwright alike. */
function expectations(message: Detail): string[] {
  const { link, code } = facts(message);
  const sender = message.from[0]?.address;
  return [
    `expect(message.subject).toBe(${quote(message.subject)});`,
    ...(sender === undefined ? [] : [`expect(message.from[0]?.address).toBe(${quote(sender)});`]),
    ...(message.attachments.length === 0
      ? []
      : [`expect(message.attachments).toHaveLength(${message.attachments.length});`]),
    ...(code === undefined ? [] : [`const code = message.codes[0]?.value; // ${quote(code.value)} here`]),
    ...(link === undefined
      ? []
      : [`const link = message.links.find(({ kind }) => kind === ${quote(link.kind)})?.href;`]),
  ];
}

function typescript(message: Detail, url: string, runner: string): string {
  const { recipient, query } = facts(message);
  const body = [
    `const message = await mail.wait({ account: ${quote(recipient)}, query: ${quote(query)}, timeout: 5000 });`,
    ...expectations(message),
  ];
  return [
    ...(runner === '' ? [] : [`import { expect, test } from '${runner}';`]),
    `import { createClient } from 'restante';`,
    '',
    `const mail = createClient({ url: ${quote(url)} });`,
    '',
    `test(${quote(message.subject || 'sends the message')}, async () => {`,
    ...body.map((line) => `  ${line}`),
    '});',
  ].join('\n');
}

function waitAddress(message: Detail, url: string): URL {
  const { recipient, query } = facts(message);
  const address = new URL('api/messages/wait', url);
  for (const [name, value] of Object.entries({ account: recipient, query, timeout: '5000' })) {
    address.searchParams.set(name, value);
  }
  return address;
}

export const testLanguages: readonly TestLanguage[] = [
  { key: 'vitest', name: 'Vitest', code: (message, url) => typescript(message, url, 'vitest') },
  {
    key: 'playwright',
    name: 'Playwright',
    code: (message, url) => typescript(message, url, '@playwright/test'),
  },
  { key: 'jest', name: 'Jest', code: (message, url) => typescript(message, url, '') },
  {
    key: 'python',
    name: 'Python',
    code(message, url) {
      const { recipient, query } = facts(message);
      return [
        'import httpx',
        '',
        `message = httpx.get(${JSON.stringify(new URL('api/messages/wait', url).href)}, params={`,
        `    "account": ${JSON.stringify(recipient)},`,
        `    "query": ${JSON.stringify(query)},`,
        '    "timeout": 5000,',
        '}, timeout=10).raise_for_status().json()',
        `assert message["subject"] == ${JSON.stringify(message.subject)}`,
      ].join('\n');
    },
  },
  {
    key: 'curl',
    name: 'curl',
    code: (message, url) => `curl --fail ${quote(waitAddress(message, url).href)}`,
  },
];
