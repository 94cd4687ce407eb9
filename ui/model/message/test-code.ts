/** A test that waits for a message like a given one, in several languages. */
import { compileCriteria } from '../../../sdk/criteria.ts';
import { pickCode, pickLink } from '../../../sdk/picks.ts';
import type { Detail } from '../../../contract/index.ts';

export interface TestLanguage {
  readonly key: string;
  readonly name: string;
  code(message: Detail, url: string): string;
}

/** A string of JavaScript: what JSON escapes, and single quotes around it. */
const quote = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/** Characters of a subject that are looked for: more would make the test no more certain, and a query has an end. */
const LONGEST = 200;

/** What tells this message from others, as one of the SDK's criteria: the subject, or who sent it. */
function traitOf(message: Detail): { field: 'subject' | 'from'; value: string } | null {
  const values = { subject: message.subject, from: message.from[0]?.address ?? '' };
  for (const field of ['subject', 'from'] as const) {
    const value = Array.from(values[field]).slice(0, LONGEST).join('').trim();
    // Wildcards alone would match any message.
    if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(value.replaceAll('*', ''))) return { field, value };
  }
  return null;
}

const recipientOf = (message: Detail): string => message.envelope.to[0] ?? 'you@example.test';

/** Where whoever pastes the test puts what it is about. */
const HERE = 'Have your application send the message here.';

/** The likeliest code and the link that a person would follow, as the SDK picks them, or by place where it would not. */
function finds({ codes, links }: Detail): string[] {
  const lines: string[] = [];
  const [code] = codes;
  if (code !== undefined) {
    const pick = isPicked(() => pickCode(codes)) ? 'code()' : 'codes[0]?.value';
    lines.push(`const code = message.${pick}; // ${quote(code.value)} in this message`);
  }
  const kind = links.find((link) => link.kind !== 'other' && link.kind !== 'unsubscribe')?.kind;
  if (kind !== undefined) {
    const pick = isPicked(() => pickLink(links, { kind }))
      ? `link({ kind: ${quote(kind)} })`
      : `links.find(({ kind }) => kind === ${quote(kind)})?`;
    lines.push(`const link = message.${pick}.href;`);
  }
  return lines;
}

function isPicked(pick: () => unknown): boolean {
  try {
    pick();
    return true;
  } catch {
    return false;
  }
}

/** Lines that assert what this message has, in the words of the SDK's matchers. */
function expectations(message: Detail): string[] {
  const { subject, attachments } = message;
  const sender = message.from[0]?.address;
  return [
    ...(subject === '' ? [] : [`expect(message).toHaveSubject(${quote(subject)});`]),
    ...(sender === undefined ? [] : [`expect(message).toBeFrom(${quote(sender)});`]),
    ...(attachments.length === 0 ? [] : [`expect(message.attachments).toHaveLength(${attachments.length});`]),
    ...finds(message),
  ];
}

/** @param imports of the test runner's `test` and `expect`, with the SDK's matchers */
function typescript(message: Detail, url: string, imports: readonly string[]): string {
  const trait = traitOf(message);
  const wanted = trait === null ? '' : `{ ${trait.field}: ${quote(trait.value)} }`;
  const body = [
    `const sandbox = await connect(${quote(url)});`,
    `const inbox = sandbox.inbox(${quote(recipientOf(message))});`,
    `// ${HERE}`,
    `const message = await inbox.waitFor(${wanted});`,
    ...expectations(message),
  ];
  return [
    `import { connect } from 'restante';`,
    ...imports,
    '',
    `test(${quote(message.subject || 'sends the message')}, async () => {`,
    ...body.map((line) => `  ${line}`),
    '});',
  ].join('\n');
}

/** Milliseconds that a wait over HTTP takes at most. */
const PATIENCE = '4000';

function waitParameters(message: Detail): readonly (readonly [string, string])[] {
  const trait = traitOf(message);
  return [
    ['account', recipientOf(message)],
    ...(trait === null ? [] : [['query', compileCriteria({ [trait.field]: trait.value }).query] as const]),
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
    `API = ${JSON.stringify(new URL('api/', url).href)}`,
    '',
    '',
    'def ask(path):',
    '    with urlopen(API + path, timeout=10) as answer:',
    '        return json.load(answer)',
    '',
    '',
    'def test_sends_the_message():',
    '    after = ask("info")["seq"]',
    `    # ${HERE}`,
    '    wanted = {',
    '        "after": after,',
    ...waitParameters(message).map(
      ([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
    ),
    '    }',
    '    message = ask("messages/wait?" + urlencode(wanted))',
    `    assert message["subject"] == ${JSON.stringify(message.subject)}`,
  ].join('\n');

export const testLanguages: readonly TestLanguage[] = [
  {
    key: 'vitest',
    name: 'Vitest',
    code: (message, url) =>
      typescript(message, url, [`import 'restante/vitest';`, `import { expect, test } from 'vitest';`]),
  },
  {
    key: 'playwright',
    name: 'Playwright',
    code: (message, url) => typescript(message, url, [`import { expect, test } from 'restante/playwright';`]),
  },
  {
    key: 'jest',
    name: 'Jest',
    code: (message, url) => typescript(message, url, [`import 'restante/jest';`]),
  },
  { key: 'python', name: 'Python', code: python },
  {
    key: 'curl',
    name: 'curl',
    // What an address has of quotation marks is encoded in it.
    code: (message, url) => `curl --fail '${waitAddress(message, url).href}'`,
  },
];
