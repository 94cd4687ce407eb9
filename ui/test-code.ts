/** A test that waits for a message like a given one, in several languages. */
import type { Detail } from '../server/api/contract.ts';

export interface TestLanguage {
  readonly key: string;
  readonly name: string;
  code(message: Detail, url: string): string;
}

/** A string of JavaScript: what JSON escapes, and single quotes around it. */
const quote = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/** Milliseconds: less than Vitest and Jest give a test, so that it is the wait that says what is wrong. */
const PATIENCE = '4000';

/** Characters of a subject that are looked for: more would make the test no more certain, and a query has an end. */
const LONGEST = 200;

/** A term of the query language; `null` where the value is nothing that could be looked for. */
function term(field: string, value: string): string | null {
  const phrase = Array.from(value).slice(0, LONGEST).join('').trim();
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(phrase.replaceAll('*', ''))) return null;
  return `${field}:"${phrase.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function facts(message: Detail) {
  const recipient = message.envelope.to[0] ?? 'you@example.test';
  const sender = message.from[0]?.address ?? '';
  return {
    recipient,
    query: term('subject', message.subject) ?? term('from', sender),
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
  const wanted = [
    `account: ${quote(recipient)}`,
    ...(query === null ? [] : [`query: ${quote(query)}`]),
    `timeout: ${PATIENCE}`,
  ];
  const body = [`const message = await mail.wait({ ${wanted.join(', ')} });`, ...expectations(message)];
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

function waitParameters(message: Detail): readonly (readonly [string, string])[] {
  const { recipient, query } = facts(message);
  return [
    ['account', recipient],
    ...(query === null ? [] : [['query', query] as const]),
    ['timeout', PATIENCE],
  ];
}

function waitAddress(message: Detail, url: string): URL {
  const address = new URL('api/messages/wait', url);
  for (const [name, value] of waitParameters(message)) address.searchParams.set(name, value);
  return address;
}

/** For pytest, with nothing but what Python brings along. */
const python = (message: Detail, url: string): string =>
  [
    'import json',
    'from urllib.parse import urlencode',
    'from urllib.request import urlopen',
    '',
    '',
    'def test_sends_the_message():',
    '    wanted = {',
    ...waitParameters(message).map(
      ([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
    ),
    '    }',
    `    address = ${JSON.stringify(new URL('api/messages/wait?', url).href)} + urlencode(wanted)`,
    '    with urlopen(address, timeout=10) as answer:',
    '        message = json.load(answer)',
    `    assert message["subject"] == ${JSON.stringify(message.subject)}`,
  ].join('\n');

export const testLanguages: readonly TestLanguage[] = [
  { key: 'vitest', name: 'Vitest', code: (message, url) => typescript(message, url, 'vitest') },
  {
    key: 'playwright',
    name: 'Playwright',
    code: (message, url) => typescript(message, url, '@playwright/test'),
  },
  { key: 'jest', name: 'Jest', code: (message, url) => typescript(message, url, '') },
  { key: 'python', name: 'Python', code: python },
  {
    key: 'curl',
    name: 'curl',
    // What an address has of quotation marks is encoded in it.
    code: (message, url) => `curl --fail '${waitAddress(message, url).href}'`,
  },
];
