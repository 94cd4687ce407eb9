/** Tests the generated tests that wait for a message; test/e2e/test-code.slow.test.ts runs them. */
import { describe, expect, it } from 'vitest';
import type { Detail } from '../../../../contract/index.ts';
import { testLanguages } from '../../../../ui/model/message/test-code.ts';

/** Returns a message with only the few properties that the model reads. */
const detail = (given: Partial<Detail>): Detail =>
  ({
    subject: 'Welcome',
    from: [{ name: '', address: 'app@shop.test' }],
    envelope: { from: 'app@shop.test', to: ['ann@x.test'] },
    attachments: [],
    codes: [],
    links: [],
    ...given,
  }) as unknown as Detail;

const codeIn = (language: string, given: Partial<Detail> = {}): string =>
  testLanguages.find(({ key }) => key === language)!.code(detail(given), 'http://127.0.0.1:8025/mail/');

it.each(['vitest', 'playwright', 'jest'])(
  'waits in the inbox of the recipient, by the subject: %s',
  (language) => {
    const code = codeIn(language);
    expect(code).toContain(`import`);
    expect(code).toContain(`restante/${language}`);
    expect(code).toContain(`connect('http://127.0.0.1:8025/mail/')`);
    expect(code).toContain(`sandbox.inbox('ann@x.test')`);
    expect(code).toContain(`inbox.waitFor({ subject: 'Welcome' })`);
  },
);

it('uses the wait request of the API below the base path', () => {
  const url = /'(.*)'/.exec(codeIn('curl'))![1]!;
  const { pathname, searchParams } = new URL(url);
  expect(pathname).toBe('/mail/api/messages/wait');
  expect(searchParams.get('account')).toBe('ann@x.test');
  expect(searchParams.get('query')).toContain('Welcome');
  expect(codeIn('python')).toContain('API = "http://127.0.0.1:8025/mail/api/"');
});

describe('the criterion', () => {
  it('is the sender when the subject is empty or consists of wildcards', () => {
    expect(codeIn('vitest', { subject: '***' })).toContain(`waitFor({ from: 'app@shop.test' })`);
    expect(codeIn('vitest', { subject: '' })).toContain(`waitFor({ from: 'app@shop.test' })`);
    expect(codeIn('vitest', { subject: '', from: [] })).toContain('waitFor()');
  });

  it('has at most 200 characters of the subject', () => {
    const [, value = ''] = /waitFor\(\{ subject: '(.*?)' \}\)/.exec(
      codeIn('vitest', { subject: '😀'.repeat(500) }),
    )!;
    expect(Array.from(value)).toHaveLength(200);
  });
});

it('escapes quotation marks and backslashes', () => {
  const code = codeIn('vitest', { subject: String.raw`It's "off": C:\new ${'${x}'}` });
  expect(code).toContain(String.raw`'It\'s "off": C:\\new ${'${x}'}'`);
});

it('asserts the code and the link with the SDK’s functions, or by index if these would throw', () => {
  const code = (value: string, confidence: number) =>
    ({ value, confidence, source: 'text', context: '' }) as unknown as Detail['codes'][number];
  const one = codeIn('vitest', { codes: [code('739204', 0.9)] });
  expect(one).toContain(`message.code(); // '739204' in this message`);
  const tied = codeIn('vitest', { codes: [code('739204', 0.9), code('112233', 0.9)] });
  expect(tied).toContain('message.codes[0]?.value;');
});
