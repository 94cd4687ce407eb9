/**
 * Tests the layers of the architecture: a table lists which layers each layer may import, and the source must
 * follow it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/**
 * Each layer (a folder, or a file of `server/`) and the layers that it may import besides itself; the topmost
 * layer first.
 */
const allowed: Record<string, readonly string[]> = {
  'server/main.ts': ['server/cli'],
  'server/cli': [
    'server/sandbox',
    'server/config',
    'server/mcp',
    'server/store',
    'server/store/find/language',
    'server/store/json',
    'server/store/postgres',
    'server/store/transfer',
    'server/checks',
    'server/message',
    'server/net',
  ],
  'sdk/start.ts': ['server/sandbox', 'server/config', 'sdk'],
  'server/sandbox': [
    'server/config',
    'server/auth.ts',
    'server/api',
    'server/compat',
    'server/mcp',
    'server/providers',
    'server/capture',
    'server/rules',
    'server/checks',
    'server/relay',
    'server/smtp',
    'server/imap',
    'server/pop3',
    'server/store',
    'server/store/json',
    'server/store/memory',
    'server/store/postgres',
    'server/thread',
    'server/net',
  ],
  'server/worker.ts': [
    'server/checks',
    'server/compat',
    'server/providers',
    'server/service',
    'server/rules',
    'server/store/engine/prepare',
    'server/store/find/pages',
    'server/thread',
  ],
  'server/config': ['server/checks', 'server/relay', 'server/net'],
  'server/api': [
    'server/service',
    'server/capture',
    'server/checks',
    'server/relay',
    'server/store',
    'server/store/find/language',
    'server/async',
    'server/net',
    'server/message',
    'server/thread',
  ],
  // The APIs of other tools, one folder for each tool.
  'server/compat': [
    'server/service',
    'server/capture',
    'server/checks',
    'server/relay',
    'server/store',
    'server/store/find/language',
    'server/async',
    'server/net',
    'server/message',
    'server/thread',
  ],
  // The APIs of mail providers, one folder for each provider.
  'server/providers': [
    'server/service',
    'server/auth.ts',
    'server/capture',
    'server/store',
    'server/thread',
    'server/net',
    'server/message',
  ],
  'server/mcp': [
    'server/service',
    'server/capture',
    'server/checks',
    'server/relay',
    'server/store',
    'server/message',
  ],
  // The layer that all interfaces for programs share (api, compat, mcp).
  'server/service': [
    'server/capture',
    'server/rules',
    'server/checks',
    'server/relay',
    'server/store',
    'server/store/find/language',
    'server/async',
    'server/net',
    'server/message',
    'server/thread',
  ],
  'server/capture': [
    'server/auth.ts',
    'server/rules',
    'server/checks',
    'server/relay',
    'server/smtp',
    'server/store',
    'server/thread',
    'server/message',
  ],
  'server/rules': [
    'server/relay',
    'server/smtp',
    'server/store',
    'server/store/find/language',
    'server/store/find/pages',
    'server/async',
    'server/thread',
    'server/net',
    'server/message',
    'server/bundle.ts',
  ],
  'server/checks': ['server/smtp', 'server/thread', 'server/store', 'server/net', 'server/message'],
  'server/relay': ['server/smtp', 'server/store', 'server/async', 'server/net', 'server/message'],
  'server/smtp': ['server/net', 'server/message'],
  'server/imap': [
    'server/imap/capability.ts',
    'server/imap/commands',
    'server/imap/session',
    'server/imap/message',
    'server/imap/wire',
    'server/auth.ts',
    'server/store',
    'server/net',
  ],
  'server/imap/commands': [
    'server/imap/capability.ts',
    'server/imap/search',
    'server/imap/session',
    'server/imap/message',
    'server/imap/wire',
    'server/store',
    'server/net',
    'server/message',
  ],
  'server/imap/capability.ts': ['server/imap/session'],
  'server/imap/search': [
    'server/imap/session',
    'server/imap/message',
    'server/imap/wire',
    'server/store',
    'server/store/find/language',
    'server/message',
  ],
  'server/imap/session': [
    'server/imap/message',
    'server/imap/wire',
    'server/auth.ts',
    'server/store',
    'server/async',
    'server/net',
  ],
  'server/imap/message': ['server/imap/wire', 'server/store', 'server/message'],
  'server/imap/wire': ['server/store', 'server/net', 'server/message'],
  'server/pop3': ['server/auth.ts', 'server/store', 'server/net'],
  'server/auth.ts': ['server/store', 'server/message'],
  // The layers of each implementation of the store: an engine, and the journal that stores the commits of the engine.
  'server/store/json': [
    'server/store/engine',
    'server/store/engine/plan',
    'server/store/engine/prepare',
    'server/store/find/pages',
    'server/store/find/index',
    'server/store/document',
    'server/store/log',
    'server/store/model',
    'server/store/raw',
    'server/store/files',
    'server/store',
    'server/async',
  ],
  'server/store/memory': [
    'server/store/engine',
    'server/store/find/pages',
    'server/store/find/index',
    'server/store/model',
    'server/store',
  ],
  'server/store/postgres': [
    'server/store/engine',
    'server/store/engine/plan',
    'server/store/engine/prepare',
    'server/store/find/pages',
    'server/store/find/language',
    'server/store/model',
    'server/store',
    'server/async',
    'server/message',
  ],
  'server/store/transfer': ['server/store/find/language', 'server/store/files', 'server/store'],
  'server/store/engine': [
    'server/store/engine/plan',
    'server/store/engine/prepare',
    'server/store/find/pages',
    'server/store/find/language',
    'server/store/model',
    'server/store',
    'server/async',
  ],
  'server/store/engine/plan': ['server/store/engine/prepare', 'server/store/model', 'server/store'],
  'server/store/engine/prepare': [
    'server/store/model',
    'server/store/raw',
    'server/store',
    'server/thread',
    'server/async',
    'server/message',
    'server/bundle.ts',
  ],
  'server/store/find/pages': [
    'server/store/find/index',
    'server/store/find/language',
    'server/store/model',
    'server/store',
    'server/thread',
    'server/async',
    'server/message',
  ],
  'server/store/find/index': ['server/store/find/language', 'server/store', 'server/async', 'server/message'],
  'server/store/document': ['server/store/model', 'server/store/files', 'server/store', 'server/async'],
  'server/store/log': ['server/store/files', 'server/store', 'server/async'],
  'server/store/model': ['server/store', 'server/message'],
  'server/store/raw': ['server/store/files', 'server/store', 'server/async'],
  'server/store/files': [],
  // The files directly in `server/store`: the interface of the store, and its ids, changes and options.
  'server/store': ['server/store/find/language', 'server/thread', 'server/message'],
  'server/store/find/language': ['server/async', 'server/message'],
  'server/net': ['server/message'],
  'server/async': [],
  'server/thread': ['server/message', 'server/bundle.ts'],
  'server/message': ['server/bundle.ts'],
  'server/bundle.ts': [],
  contract: [],
  ui: ['sdk'],
  sdk: ['sdk/start.ts'],
};

/** The base layer. Every layer may import it. */
const BASE = 'contract';

const layers = Object.keys(allowed).sort((a, b) => b.length - a.length);
const layerOf = (file: string): string | undefined =>
  layers.find((layer) => file === layer || file.startsWith(`${layer}/`));

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sourceFiles(): string[] {
  return ['contract', 'server', 'sdk', 'ui'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .map((name) => path.posix.join(top, name.split(path.sep).join('/')))
      .filter((name) => /\.(ts|vue)$/.test(name) && !/vite\.config\.ts$|\.d\.ts$/.test(name)),
  );
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const pattern = /^\s*(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'(\.[^']+)'|import\('(\.[^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    target: path.posix.join(path.posix.dirname(file), match[2] ?? match[3] ?? ''),
    typeOnly: match[1] !== undefined,
  }));
}

const files = sourceFiles();
const imports = files.flatMap(importsOf);

it('assigns a layer to every source file', () => {
  expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
});

it('permits imports of lower layers only', () => {
  const wrong = imports.filter(({ file, target }) => {
    const from = layerOf(file);
    const to = layerOf(target);
    if (from === undefined || to === undefined)
      return to === undefined && /^(contract|server|sdk|ui)\//.test(target);
    return from !== to && to !== BASE && !(allowed[from] ?? []).includes(to);
  });
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

it('lets contract/ import typebox and no other package', () => {
  const packages = files
    .filter((file) => layerOf(file) === BASE)
    .flatMap((file) => [
      ...readFileSync(path.join(root, file), 'utf8').matchAll(
        /^(?:import|export)\b[^;]*?from '([^.'][^']*)'/gm,
      ),
    ])
    .map(([, name]) => name);
  expect([...new Set(packages)]).toEqual(['typebox']);
});

it('prevents imports of schemas by the code of sdk and ui, which would bundle typebox', () => {
  const wrong = imports.filter(
    ({ file, target, typeOnly }) =>
      !typeOnly && /^(?:sdk|ui)\//.test(file) && /^contract\/(?:index|schemas)\b/.test(target),
  );
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

it('permits no import that no file uses', () => {
  const used = new Set(imports.map(({ file, target }) => `${layerOf(file)} → ${layerOf(target)}`));
  const permitted = Object.entries(allowed).flatMap(([from, targets]) =>
    targets.map((to) => `${from} → ${to}`),
  );
  expect(permitted.filter((arrow) => !used.has(arrow))).toEqual([]);
});

it('has no import cycles, including type imports', () => {
  const edges = new Map<string, string[]>();
  for (const { file, target } of imports) edges.set(file, [...(edges.get(file) ?? []), target]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});

it('imports lowdb in the document of the store only', () => {
  const users = files.filter((file) => readFileSync(path.join(root, file), 'utf8').includes("from 'lowdb"));
  expect(users.filter((file) => !file.startsWith('server/store/document/'))).toEqual([]);
});
