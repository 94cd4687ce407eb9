/**
 * A rule of ESLint for the texts of the UI: reports each text that no file of the UI uses. A text is used if a file
 * accesses it by its path (`s.relay.title`), or accesses an object that contains it (`s.relay.modes[mode]`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const parser = vue.configs['flat/base'].map(({ languageOptions }) => languageOptions?.parser).find(Boolean);

/** The name of the texts in the files of the UI: `import { strings as s } from '…/strings.ts'`. */
const TEXTS = 's';
/** Members of a syntax tree that are not its children. */
const NO_CHILDREN = new Set([
  'parent',
  'tokens',
  'comments',
  'loc',
  'range',
  'references',
  'variables',
  'errors',
]);

/** Yields the nodes below a node of a syntax tree, each with its parent. */
function* nodesBelow(node) {
  for (const [key, value] of Object.entries(node)) {
    if (NO_CHILDREN.has(key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type !== 'string') continue;
      yield [child, node];
      yield* nodesBelow(child);
    }
  }
}

/** Returns the names of an access such as `s.a.b[c]`, here `a` and `b`; `null` for any other node. */
function accessedNames(node) {
  if (node.type === 'Identifier') return node.name === TEXTS ? { names: [], open: true } : null;
  if (node.type !== 'MemberExpression') return null;
  const before = accessedNames(node.object);
  if (before === null || !before.open) return before;
  const { property, computed } = node;
  const name = computed ? property.value : property.name;
  return typeof name === 'string'
    ? { names: [...before.names, name], open: true }
    : { ...before, open: false };
}

/** Returns the paths of all texts that a file uses, for example `relay.title`. */
function pathsUsedIn(file) {
  const options = { parser: tseslint.parser, sourceType: 'module', filePath: file };
  const { ast } = parser.parseForESLint(readFileSync(file, 'utf8'), options);
  const paths = [];
  for (const [node, parent] of nodesBelow(ast)) {
    if (parent.type === 'MemberExpression' && parent.object === node) continue;
    const names = node.type === 'MemberExpression' ? (accessedNames(node)?.names ?? []) : [];
    if (names.length > 0) paths.push(names.join('.'));
  }
  return paths;
}

const usedIn = new Map();

/** Returns the paths of all texts that the files of a folder use. The folder is read once per process. */
function usedPaths(folder) {
  const known = usedIn.get(folder);
  if (known !== undefined) return known;
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.(ts|vue)$/.test(name));
  const paths = new Set(files.flatMap((name) => pathsUsedIn(path.join(folder, name))));
  usedIn.set(folder, paths);
  return paths;
}

const isBelow = (inner, outer) => inner === outer || inner.startsWith(`${outer}.`);

/** Returns the path of a property in the object of texts that contains it; `null` outside of such an object. */
function pathOf(node, ancestors) {
  const declaration = ancestors.find(({ type }) => type === 'VariableDeclarator');
  if (!/^english$|Strings$/.test(declaration?.id.name ?? '')) return null;
  if (ancestors.some(({ type }) => type.endsWith('Function') || type.endsWith('FunctionExpression')))
    return null;
  const properties = [...ancestors.filter(({ type }) => type === 'Property'), node];
  return properties.map(({ key }) => key.name ?? String(key.value)).join('.');
}

export default {
  meta: {
    type: 'problem',
    messages: { unused: 'No file of the UI uses the text {{text}}: delete it.' },
    schema: [{ type: 'object', properties: { folder: { type: 'string' } }, required: ['folder'] }],
  },
  create(context) {
    const used = [...usedPaths(context.options[0].folder)];
    return {
      Property(node) {
        if (node.value.type === 'ObjectExpression') return;
        const text = pathOf(node, context.sourceCode.getAncestors(node));
        if (text === null || used.some((path) => isBelow(text, path) || isBelow(path, text))) return;
        context.report({ node, messageId: 'unused', data: { text } });
      },
    };
  },
};
