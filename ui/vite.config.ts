/**
 * Builds the UI into dist/ui. All URLs in the built files are relative, so that the UI works below any base
 * path.
 */
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { paths } from './paths.ts';

/**
 * The URL of the sandbox to which the development server (`vite dev`) sends API requests; `npm run dev` sets
 * the variable.
 */
const SERVER = process.env.RESTANTE_URL ?? 'http://127.0.0.1:8025';

/**
 * A plugin that lets the browser paint the frame of the page before it has loaded any other file: the design
 * tokens are inlined in the document, and the style sheet is linked after the frame, where it delays the
 * script but not the frame.
 */
function firstPaint(): Plugin {
  return {
    name: 'first-paint',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const file = path.join(import.meta.dirname, 'styles/tokens.css');
        const tokens = readFileSync(file, 'utf8').replace(/\/\*.*?\*\/|\n\s*/gs, '');
        const sheet = /\s*<link rel="stylesheet"[^>]*>/.exec(html)?.[0] ?? '';
        return html
          .replace(sheet, '')
          .replace('<style>', `<style>${tokens}`)
          .replace('</body>', `${sheet.trim()}</body>`);
      },
    },
  };
}

/**
 * A plugin that writes the file `routes.json` with the paths of the views; the server sends the page for
 * these paths.
 */
function routeTable(): Plugin {
  return {
    name: 'route-table',
    generateBundle() {
      const source = JSON.stringify(Object.values(paths));
      this.emitFile({ type: 'asset', fileName: 'routes.json', source });
    },
  };
}

/**
 * The modules that are put into one file: those that the first paint needs, and small modules that several lazy views
 * share. Without these groups, each shared icon would be a file of its own.
 */
const CHUNKS = [
  { name: 'page', tags: ['$initial' as const], priority: 1 },
  { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 60_000 },
];

const root = path.join(import.meta.dirname, '..');

/**
 * A plugin that lists the modules of the build for the SBOM, and adds the licence of tailwindcss, which is
 * missing from Vite's list because the plugin of tailwindcss generates the style sheet itself.
 */
function listModules(): Plugin {
  return {
    name: 'list-modules',
    writeBundle({ dir = '' }, bundle) {
      const modules = Object.values(bundle).flatMap((output) =>
        output.type === 'chunk' ? output.moduleIds : [],
      );
      const styles = path.join(root, 'node_modules/tailwindcss/index.css');
      const paths = [...modules, styles].map((id) => path.relative(root, id.replace(/^\0|\?.*$/g, '')));
      writeFileSync(path.join(root, 'dist/.ui-modules.json'), JSON.stringify(paths));
      const read = (file: string): string =>
        readFileSync(path.join(root, 'node_modules/tailwindcss', file), 'utf8');
      const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string };
      appendFileSync(
        path.join(dir, 'LICENSES.md'),
        `\n## tailwindcss - ${version} (${license})\n\n${read('LICENSE')}`,
      );
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), tailwindcss(), firstPaint(), routeTable(), listModules()],
  build: {
    outDir: path.join(import.meta.dirname, '../dist/ui'),
    emptyOutDir: true,
    license: { fileName: 'LICENSES.md' },
    // The first browser versions with the CSS function light-dark(), which the colour tokens use.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Emits icons and small images as files instead of inlining them, so that the Content-Security-Policy
    // need not allow data: URLs for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: CHUNKS },
        // Shared files get a fixed name, because the name that the bundler gives them would list all views that use the
        // file.
        chunkFileNames: ({ name }) =>
          name.startsWith('shared~') ? 'assets/shared-[hash].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { proxy: { '/api': { target: SERVER, ws: true } } },
});
