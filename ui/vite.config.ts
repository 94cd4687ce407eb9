/** Builds the UI into dist/ui. Every address in it is relative, so that it works below any base path. */
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import path from 'node:path';
import { defineConfig } from 'vite';

/** The sandbox that `vite dev` talks to. */
const SERVER = 'http://127.0.0.1:8025';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), tailwindcss()],
  build: {
    outDir: path.join(import.meta.dirname, '../dist/ui'),
    emptyOutDir: true,
    // The first versions with light-dark(), on which the colour tokens rest.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Icons and small images as files: the page's Content-Security-Policy needs no data: then.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: SERVER, ws: true, changeOrigin: true } } },
});
