/** Compares names in the text and the tables of the documentation with those of the program. */
import { createTransport } from 'nodemailer';
import { beforeAll, describe, expect, it } from 'vitest';
import { Event } from '../../contract/index.ts';
import { helpText } from '../../server/cli/help.ts';
import { flagName, optionKeys, options, variableName } from '../../server/config/index.ts';
import { allBlocks, blocksOf, pages, pageText } from '../helpers/documentation.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

/** Returns a page without its fenced blocks. */
const prose = (page: string): string => pageText(page).replaceAll(/^ *```[^]*?^ *```$/gm, '');
/**
 * Returns the words in code style in the first column of the table whose header row starts with the given columns.
 */
function firstColumn(page: string, header: string): string[] {
  const [, rows = ''] =
    new RegExp(`^\\| ${header} +\\|.*\\n\\|[- |]+\\n((?:\\|.*\\n)+)`, 'm').exec(pageText(page)) ?? [];
  return rows.split('\n').flatMap((row) => {
    const [, cell = ''] = /^\|([^|]*)\|/.exec(row) ?? [];
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
  });
}

describe('docs/api.md', () => {
  it('has an example of every call', async () => {
    const { paths } = await sandbox.json<{ paths: Record<string, object> }>('openapi.json');
    const calls = Object.entries(paths).flatMap(([where, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${where}`),
    );
    const examples = blocksOf('docs/api.md')
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'))
      .filter((line) => line.startsWith('curl'))
      .map((line) => {
        const method = /-X (\w+)/.exec(line)?.[1] ?? (/ (-d|--data-binary) /.test(line) ? 'POST' : 'GET');
        return `${method} ${/127\.0\.0\.1:8025([^\s?'"]*)/.exec(line)?.[1] ?? ''}`;
      });
    const patterns = calls.map(
      (call) => [call, new RegExp(`^${call.replaceAll(/\{\w+\}/g, '[^/]+')}$`)] as const,
    );
    const fixed = new Set(calls.filter((call) => !call.includes('{')));
    const matches = (call: string, pattern: RegExp): boolean =>
      examples.some((example) => (fixed.has(example) ? example === call : pattern.test(example)));
    expect(calls.length).toBeGreaterThan(30);
    expect(patterns.filter(([call, pattern]) => !matches(call, pattern)).map(([call]) => call)).toEqual([]);
  });

  it('names every type of event', () => {
    const types = Event.anyOf.flatMap(({ properties: { type } }) =>
      'enum' in type ? type.enum : [type.const],
    );
    expect(firstColumn('docs/api.md', 'Type +\\| Content').sort()).toEqual(types.sort());
  });
});

it('docs/comparison.md points from each row to where Restante’s part is described', () => {
  const rows = [...pageText('docs/comparison.md').matchAll(/^\| (\w[^|]+?) +\| ([^|]+?) +\|/gm)];
  expect(rows.length).toBeGreaterThan(40);
  const bare = rows.filter(([, , ours = '']) => !/\]\([\w./]+(?:#[\w-]+)?\)\)?/.test(ours) && ours !== 'no');
  expect(bare.map(([, name]) => name)).toEqual([]);
});

it('names no option and no variable that there is not', () => {
  const commands = ['doctor', 'import', 'export', 'check', 'sendmail', 'healthcheck', 'mcp', ''];
  const known = new Set([
    ...optionKeys.map(flagName),
    ...commands.flatMap((command) => helpText(command, 80).match(/--[a-z-]+/g) ?? []),
    ...[
      '--seconds',
      '--json',
      '--target',
      '--write',
      '--global',
      '--mail-from',
      '--mail-rcpt',
      '--experimental-vm-modules',
      // Options of Node and V8, which are not options of Restante.
      '--cpu-prof',
      '--always-sparkplug',
      '--max-lazy',
      '--single-threaded-gc',
      '--no-parallel-scavenge',
      '--interrupt-budget',
      '--interrupt-budget-for-feedback-allocation',
      '--no-lazy-feedback-allocation',
      '--optimize-for-size',
      '--project',
      '--cacert',
      '--test',
      '--watch',
      '--save-dev',
      '--all',
      '--test',
    ],
  ]);
  const variables = new Set([
    ...optionKeys.map(variableName),
    'RESTANTE_CONFIG',
    'RESTANTE_URL',
    'RESTANTE_EVIDENCE',
    'RESTANTE_EVIDENCE_BROWSER',
    'RESTANTE_BROWSER',
  ]);
  const strange = pages.flatMap((page) => {
    const code = [...prose(page).matchAll(/`([^`]+)`/g)].map(([, text = '']) => text).join('\n');
    const flags = (code.match(/(?<![\w-])--[a-z][a-z0-9-]+/g) ?? []).filter((flag) => !known.has(flag));
    const named = (code.match(/\bRESTANTE_[A-Z_]+\b/g) ?? []).filter((name) => !variables.has(name));
    return [...flags, ...named].map((word) => `${page}: ${word}`);
  });
  expect(strange).toEqual([]);
});

describe('the README’s table of applications', () => {
  const rows = [...pageText('README.md').matchAll(/^\| (.+?) +\| (`.+`.*?) +\|$/gm)].map(
    ([, application = '', setting = '']) => [application, setting] as const,
  );

  it.each(rows)('has where %s finds it: %s', async (application, setting) => {
    const code = [...setting.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    // A command in code style is also in a block of some page, which a test runs.
    const [command = ''] = code;
    if (/^(?:npx|curl) /.test(command)) {
      expect(allBlocks().some(({ language, text }) => language === 'sh' && text.includes(command))).toBe(
        true,
      );
      return;
    }
    const [, host = ''] = /(127\.0\.0\.1)/.exec(setting) ?? [];
    const [, port = ''] = /(?:127\.0\.0\.1:|port\D{0,4})(\d+)/i.exec(setting) ?? [];
    expect([host, Number(port)]).toEqual([options.host.default, options.smtpPort.default]);
    if (!application.includes('nodemailer')) return;
    const here = command.replace(port, String(sandbox.smtp.port));
    const [, url = ''] = /^nodemailer\.createTransport\('(.+)'\)$/.exec(here) ?? [];
    const transport = createTransport(url);
    const sent = await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', text: 'Hello' });
    expect(sent.response).toMatch(/^250 /);
    transport.close();
  });
});
