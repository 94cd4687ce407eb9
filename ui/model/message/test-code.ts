/** Generates tests that wait for a message like a given one, in several languages. */
import { compileCriteria } from '../../../sdk/criteria.ts';
import { pickCode, pickLink } from '../../../sdk/picks.ts';
import type { Detail } from '../../../contract/index.ts';

export interface TestLanguage {
  readonly key: string;
  readonly name: string;
  code(message: Detail, url: string): string;
}

/** Returns a JavaScript string literal in single quotes, with the escapes of JSON. */
const quote = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/**
 * The maximum number of characters of the subject in the generated test: a longer subject would not make the
 * match more certain, and the length of a query is limited.
 */
const LONGEST = 200;

/**
 * Returns the criterion of the SDK that identifies the message: its subject, or its sender if the subject is empty.
 */
function traitOf(message: Detail): { field: 'subject' | 'from'; value: string } | null {
  const values = { subject: message.subject, from: message.from[0]?.address ?? '' };
  for (const field of ['subject', 'from'] as const) {
    const value = Array.from(values[field]).slice(0, LONGEST).join('').trim();
    // A value that consists only of wildcards is not used, because it would match every message.
    if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(value.replaceAll('*', ''))) return { field, value };
  }
  return null;
}

const recipientOf = (message: Detail): string => message.envelope.to[0] ?? 'you@example.test';

/** The comment in the generated test at the place where the user adds the code that sends the message. */
const HERE = 'Have your application send the message here.';

/**
 * Returns lines of test code that read the most likely code and link. They use the SDK's `code()` and
 * `link()`, or an index if these methods would throw because of several candidates.
 */
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

/** Returns lines of test code with assertions about the message, written with the matchers of the SDK. */
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

/**
 * Returns a test in TypeScript.
 * @param imports the statements that import `test`, `expect` and the SDK's matchers
 */
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

/** The time limit of a wait over HTTP in milliseconds, as the value of a query parameter. */
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

/** Returns a test for pytest that uses only Python's standard library. */
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
    // Quotation marks in the URL are percent-encoded, so that they cannot end the quoted argument in the
    // shell.
    code: (message, url) => `curl --fail '${waitAddress(message, url).href}'`,
  },
];
