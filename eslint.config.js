import path from 'node:path';
import js from '@eslint/js';
import vue from 'eslint-plugin-vue';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import unusedTexts from './unused-texts.js';

/** Names of browser globals that Node also has: the only browser globals that code outside of `ui` may use. */
const sharedWithNode = new Set(Object.keys(globals.nodeBuiltin));
const domOnly = Object.keys(globals.browser).filter((name) => !sharedWithNode.has(name));
const nodeOnly = [
  'process',
  'Buffer',
  '__dirname',
  '__filename',
  'global',
  'require',
  'module',
  'setImmediate',
];

const forbid = (names, where) => names.map((name) => ({ name, message: `Not available in ${where}.` }));

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'test/fixtures', 'test/examples'] },
  js.configs.recommended,
  { rules: { complexity: ['error', 15], 'max-depth': ['error', 4] } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // The source contains no enums (`erasableSyntaxOnly`), and searching for them takes an eighth of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['contract/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...forbid([...domOnly, ...nodeOnly], 'both Node and the browser')],
      'no-console': 'error',
    },
  },
  {
    files: ['server/**/*.ts', 'sdk/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...forbid(domOnly, 'Node')], 'no-console': 'error' },
  },
  {
    files: ['server/cli/**/*.ts', 'server/main.ts', 'test/bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['ui/**/*.vue', 'ui/**/*.ts'],
    extends: [...vue.configs['flat/recommended']],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'], sourceType: 'module' },
    },
    rules: {
      'no-undef': 'off',
      'no-unused-vars': 'off',
      'no-restricted-globals': ['error', ...forbid(nodeOnly, 'the browser')],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/html-self-closing': ['error', { html: { void: 'any', normal: 'always', component: 'always' } }],
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      // The rules about layout are off, because Prettier formats the source.
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      // Classes for the layout name the start and the end instead of left and right, so that the layout can be
      // mirrored; colours are tokens of the theme.
      'vue/no-restricted-class': [
        'error',
        '/(^|:)-?(left|right|ml|mr|pl|pr|scroll-m[lr]|border-[lr]|rounded-([lr]|[tb][lr]))-/',
        '/(^|:)(text|float)-(left|right)$/',
        '/(^|:)(bg|text|border|fill|stroke|ring)-(gray|slate|zinc|red|blue|green|black)\\b/',
        '/#[0-9a-f]{3,8}\\b|\\b(rgba?|hsla?|oklch)\\((?!0_0_0)/',
      ],
      // Texts must be in ui/strings, where a translation replaces them; symbols may be in the template.
      'vue/no-bare-strings-in-template': [
        'error',
        { allowlist: [...'(),.&+-=*/#%!?:[]{}<>•·–—−|→←↓↑;_…', '&nbsp;', '; '] },
      ],
    },
  },
  {
    // The model computes what a view shows; it has no state.
    files: ['ui/model/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(vue|@vueuse/)', message: 'The model has no state.' },
            {
              regex: '/(state|components|views|dom)/',
              message: 'The model is below the state and the views.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['ui/strings.ts', 'ui/strings/*.ts'],
    plugins: { texts: { rules: { unused: unusedTexts } } },
    rules: { 'texts/unused': ['error', { folder: path.join(import.meta.dirname, 'ui') }] },
  },
  { files: ['ui/vite.config.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['*.js', '.ci/**/*.js', 'test/**/*.mjs'], languageOptions: { globals: globals.node } },
);
