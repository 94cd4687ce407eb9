/**
 * Tests every fenced block of the documentation: for each kind of block, a check runs it, parses it or compares it
 * with the program. A block of an unknown kind fails, so that no snippet is untested.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseZone } from '../../server/checks/authenticity/zone-file.ts';
import { readBudget } from '../../server/checks/budget.ts';
import { helpText } from '../../server/cli/help.ts';
import { options, resolveConfig } from '../../server/config/index.ts';
import { allBlocks, root, type Block } from '../helpers/documentation.ts';
import { openDocumentedShell, type DocumentedShell } from '../helpers/documented-shell.ts';
import { installed, mustRun } from '../helpers/tool.ts';
import { openDocumentedWorld, type DocumentedWorld } from './world.ts';

let folder: string;
let world: DocumentedWorld;
let shell: DocumentedShell;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'restante-docs-'));
  world = await openDocumentedWorld(folder);
  shell = await openDocumentedShell(world.sandbox, folder);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Returns a copy of a value with the types of the members, recursively; a list is represented by its first
 * element.
 */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}

/** Scripts that were run already, because workflows have most of their steps in common. */
const ran = new Set<string>();

async function runs(script: string): Promise<void> {
  if (ran.has(script)) return;
  const { code, output } = await shell.run(script);
  expect(code, `${script}\n${output}`).toBe(0);
  ran.add(script);
}

function resolvesWithoutWarning(env: Readonly<Record<string, string>>, argv: readonly string[] = []): void {
  expect(resolveConfig({ argv, env, cwd: folder }).warnings).toEqual([]);
}

/** Runs the commands of a workflow with their environments, at any depth. */
async function checkWorkflow(value: unknown): Promise<void> {
  if (Array.isArray(value)) {
    for (const each of value) await checkWorkflow(each);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (/^(env|variables|environment)$/.test(key)) resolvesWithoutWarning(each as Record<string, string>);
      else if (key === 'run' && typeof each === 'string') await runs(each);
      else if (key === 'script' && typeof each === 'string') await runs(each);
      else if (/^(script|before_script)$/.test(key)) for (const step of each as string[]) await runs(step);
      else if (key === 'run') await runs((each as { command: string }).command);
      else await checkWorkflow(each);
    }
  }
}

/** Parses the lines `Key=value` of a systemd unit. */
function unitOf(text: string): Map<string, string> {
  const sections = [...text.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name);
  expect(sections).toEqual(['Unit', 'Service', 'Install']);
  return new Map([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]));
}

type Check = (block: Block) => void | Promise<void>;

/** Checks that a drawing of the layers contains every folder of `server/`, and no other. */
function checkLayers(text: string): void {
  // The descriptions start in the same column; the names are before it.
  const [first = ''] = text.split('\n');
  const column = first.indexOf('the process');
  const names = text.split('\n').flatMap((line) => line.slice(0, column).match(/[a-z][a-z0-9]*/g) ?? []);
  expect(names.length).toBeGreaterThan(10);
  const missing = names.filter((name) =>
    [`server/${name}`, `server/${name}.ts`, name].every((each) => !existsSync(path.join(root, each))),
  );
  expect(missing).toEqual([]);
  const layers = readdirSync(path.join(root, 'server'), { withFileTypes: true });
  expect(layers.filter((entry) => entry.isDirectory() && !names.includes(entry.name))).toEqual([]);
}

/** The check of each kind of block, by its language and the name that follows the language. */
const checks: Readonly<Record<string, Check>> = {
  async 'json GET /api/messages'({ text }) {
    expect(shapeOf(await world.sandbox.json('messages?limit=1'))).toEqual(shapeOf(JSON.parse(text)));
  },
  'json restante.checks.json'({ text }) {
    expect(readBudget(text).rules).not.toEqual({});
  },
  'json restante.config.json'({ text }) {
    const file = path.join(folder, 'written.json');
    writeFileSync(file, text);
    resolvesWithoutWarning({}, ['--config', file]);
  },
  async 'ini restante.service'({ text }) {
    const unit = unitOf(text);
    const [node = '', program = '', ...argv] = (unit.get('ExecStart') ?? '').split(' ');
    expect(path.basename(node)).toBe('node');
    expect(program).toMatch(/\/node_modules\/restante\/dist\/server\/main\.js$/);
    resolvesWithoutWarning({}, argv);
    expect(argv[argv.indexOf('--data') + 1]).toBe(`/var/lib/${unit.get('StateDirectory') ?? ''}`);
    if (!installed('systemd-analyze')) return;
    const file = path.join(folder, 'restante.service');
    writeFileSync(
      file,
      text.replace(node, process.execPath).replace(program, path.join(root, 'package.json')),
    );
    expect(await mustRun('systemd-analyze', ['verify', file])).toBe('');
  },
  async 'ini php.ini'({ text }) {
    const [, command = ''] = /^sendmail_path = "(.*)"$/m.exec(text) ?? [];
    await runs(`${command} <message.eml`);
  },
  'yaml .github/workflows/test.yaml': ({ text }) => checkWorkflow(parseYaml(text)),
  'yaml compose.yaml': ({ text }) => checkWorkflow(parseYaml(text)),
  'yaml .gitlab-ci.yml': ({ text }) => checkWorkflow(parseYaml(text)),
  'yaml .circleci/config.yml': ({ text }) => checkWorkflow(parseYaml(text)),
  'yaml azure-pipelines.yml': ({ text }) => checkWorkflow(parseYaml(text)),
  async 'groovy Jenkinsfile'({ text }) {
    const variables = [...text.matchAll(/^ +([A-Z_]+) = '(.*)'$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    resolvesWithoutWarning(Object.fromEntries(variables) as Record<string, string>);
    const steps = [...text.matchAll(/^ +sh '(.*)'$/gm)].map(([, step = '']) => step);
    expect(steps).toHaveLength(2);
    for (const step of steps) await runs(step);
  },
  'text structure': ({ text }) => checkLayers(text),
  'text layers': ({ text }) => checkLayers(text),
  'text zone'({ text }) {
    expect(parseZone(text.replace('MIIBIjAN…', 'MIIBIjAN')).size).toBe(3);
  },
  async 'text data'({ text }) {
    const data = path.join(folder, 'data');
    // A message above 256 KB has a file of its own.
    writeFileSync(
      path.join(folder, 'large.eml'),
      `Subject: large\r\n\r\n${'a line of text\r\n'.repeat(20_000)}`,
    );
    await shell.run(
      `restante import message.eml large.eml --data ${data}\nrestante start --data ${data} --tls auto`,
    );
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
    const named = [...text.matchAll(/^<data>\/(\S+)/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named.filter((each) => each !== 'lock')) {
      const spelled = name.replace('ab/<id>', '\\w\\w/\\w+').replace('N.', '\\d+\\.').replace(/\/$/, '');
      const pattern = new RegExp(`^${spelled}$`);
      expect(
        files.some((file) => pattern.test(file)),
        `${name} in ${files.join(' ')}`,
      ).toBe(true);
    }
  },
  'json mcp': ({ text }) => {
    JSON.parse(text);
    checkAgent(text);
  },
  'toml mcp': ({ text }) => checkAgent(text),
  'text ui': ({ text }) => checkFolders('ui', text),
  'text store': ({ text }) => checkFolders('server/store', text),
};

/** Checks that the paths at the starts of the lines exist below a folder. */
function checkFolders(folder: string, text: string): void {
  const named = [...text.matchAll(/^(\S+(?: \S+)*)(?: {2,}|$)/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  const paths = named.map((name) => name.replace(/\{.*$/, ''));
  expect(paths.filter((name) => !existsSync(path.join(root, folder, name)))).toEqual([]);
}

/** Checks the configuration of an agent: it must start `restante mcp`, or name the address of the MCP server. */
function checkAgent(text: string): void {
  const { mcp, httpPort } = options;
  expect(mcp.default).toBe('on');
  const [url] = /"http:[^"]*"/.exec(text) ?? [];
  if (url !== undefined) expect(url).toBe(`"http://127.0.0.1:${httpPort.default}/mcp"`);
  else expect(text.replaceAll(/\s/g, '')).toMatch(/"npx".*\["-y","restante","mcp"\]/);
  expect(helpText('mcp', 80)).toContain('restante mcp');
}

/** Kinds of blocks on a page that other tests run. */
const elsewhere: Readonly<Record<string, string>> = {
  'docs/mcp-transcripts.md text': 'test/mcp/transcripts.test.ts',
  'docs/rules.md json': 'test/rules/docs.test.ts',
  'docs/rules.md js': 'test/rules/docs.test.ts',
  'docs/operations.md nginx': 'test/interop/nginx.test.ts',
  'docs/providers.md js': 'test/interop/providers/docs.test.ts',
  'docs/sdk.md ts': 'test/sdk/docs.program.test.ts',
  'docs/sdk.md js global-setup.mjs': 'test/sdk/docs.program.test.ts',
  'docs/sdk.md js sign-up.test.mjs': 'test/sdk/docs.program.test.ts',
  'docs/sdk.md js playwright.config.js': 'test/sdk/playwright.slow.test.ts',
  'docs/sdk.md js sign-up.spec.js': 'test/sdk/playwright.slow.test.ts',
  'docs/sdk.md js sign-up.test.js': 'test/sdk/docs.program.test.ts',
  'docs/sdk.md text': 'test/sdk/timeout.test.ts',
  'README.md ts': 'test/sdk/docs.program.test.ts',
};

const kindOf = ({ language, name }: Block): string => `${language} ${name}`.trim();
const claimed = (block: Block): boolean =>
  block.language === 'sh' || elsewhere[`${block.page} ${kindOf(block)}`] !== undefined;

describe('a block of', () => {
  it.each(
    allBlocks()
      .filter((block) => !claimed(block))
      .map((block) => [`${block.page}:${block.line}`, kindOf(block), block] as const),
  )('%s (%s) is true', async (_, kind, block) => {
    const check = checks[kind];
    expect(check, 'no test knows this kind of block: say behind the fence what it is').toBeDefined();
    await check?.(block);
  });

  it('a page that another test runs is run there', () => {
    for (const [key, test] of Object.entries(elsewhere)) {
      expect(existsSync(path.join(root, test)), test).toBe(true);
      const [page = '', ...kind] = key.split(' ');
      expect(
        allBlocks().some((block) => block.page === page && kindOf(block) === kind.join(' ')),
        key,
      ).toBe(true);
    }
  });
});
