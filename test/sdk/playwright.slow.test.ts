/**
 * Tests Playwright in projects into which the packed package is installed: with servers that Playwright starts, and
 * with component tests. The configuration and the test are those of docs/sdk.md.
 */
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser } from '../helpers/browser.ts';
import { blocksOf } from '../helpers/documentation.ts';
import { copyInto, createProject, writeFiles, type Project } from '../helpers/project.ts';
import { NO_RUNNER, runTool } from '../helpers/tool.ts';

/** The last version of Playwright for which the packages for component tests exist. */
const VERSION = '1.62.1';
const DEADLINE = 400_000;

let project: Project | null;
beforeAll(async () => {
  const packages = ['@playwright/test', '@playwright/experimental-ct-vue'];
  project = await createProject([...packages.map((name) => `${name}@${VERSION}`), 'vue@3'], {
    type: 'module',
    scripts: { start: 'node start.mjs' },
  });
  if (project !== null) copyInto(project.folder, 'test/examples/app.mjs');
}, 400_000);
afterAll(() => project?.remove());

const documented = (name: string): string =>
  blocksOf('docs/sdk.md').find((block) => block.name === name)!.text;

/** Runs Playwright with a configuration file; resolves with its output. */
async function playwright(config: string): Promise<{ code: number | null; output: string }> {
  const bin = path.join(project!.folder, 'node_modules', '.bin', 'playwright');
  return runTool(bin, ['test', '-c', config, '--reporter=line'], {
    cwd: project!.folder,
    env: { ...NO_RUNNER, BROWSER: JSON.stringify(await findBrowser()) },
    deadline: DEADLINE,
  });
}

/** Returns ports below those that the system assigns to connections, so that no connection takes one of them. */
async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) found.add(port);
  }
  return [...found];
}

const SPEC = `import { expect, test } from 'restante/playwright';
test('signs up', async ({ page, inbox }) => {
  await page.goto('/');
  await page.getByRole('textbox').fill(inbox.address);
  await page.getByRole('button', { name: 'Sign up' }).click();
  expect(await inbox.waitForOne({ subject: /confirm/i })).toHaveCode();
});
`;

it('starts the sandbox and the application as servers of Playwright', async ({ skip }) => {
  if (project === null) return skip('The registry cannot be reached');
  const [http = 0, smtp = 0, app = 0] = await freePorts(3);
  const ports = `--http-port ${http} --smtp-port ${smtp} --imap-port 0 --pop3-port 0`;
  const written = documented('playwright.config.js')
    .replaceAll('8025', String(http))
    .replaceAll('1025', String(smtp))
    .replaceAll('3000', String(app))
    .replace('restante --memory', `restante --memory ${ports}`)
    .replaceAll("url: 'http", "timeout: 300_000, url: 'http")
    .replace(
      'use: {',
      "timeout: 300_000, testDir: 'pages', use: { sandboxOptions: { timeout: 120_000 }, launchOptions: JSON.parse(process.env.BROWSER), ",
    );
  writeFiles(project.folder, {
    'playwright.config.js': written,
    'start.mjs': `import { startApp } from './app.mjs';\nawait startApp(process.env.SMTP_URL, ${app});\n`,
    'pages/sign-up.spec.js': SPEC,
  });
  const { code, output } = await playwright('playwright.config.js');
  expect(output).toMatch(/1 passed/);
  expect(code).toBe(0);
});

it('has an inbox in component tests', async ({ skip }) => {
  if (project === null) return skip('The registry cannot be reached');
  writeFiles(project.folder, {
    'components.config.js': `import { defineConfig } from '@playwright/experimental-ct-vue';
export default defineConfig({
  testMatch: 'sign-up.spec.js', testIgnore: 'pages/**', timeout: 300_000,
  use: { sandboxOptions: { timeout: 120_000 }, launchOptions: JSON.parse(process.env.BROWSER) },
});\n`,
    'playwright/index.html':
      '<!doctype html><div id="root"></div><script type="module" src="./index.js"></script>\n',
    'playwright/index.js': '',
    'SignUp.vue': `<script setup>
import { ref } from 'vue';
const props = defineProps({ url: String });
const address = ref('');
const signUp = () => fetch(\`\${props.url}signup?address=\${address.value}\`, { mode: 'no-cors' });
</script>
<template>
  <form @submit.prevent="signUp"><input v-model="address" /><button>Sign up</button></form>
</template>\n`,
    'sign-up.spec.js': documented('sign-up.spec.js'),
  });
  const { code, output } = await playwright('components.config.js');
  expect(output).toMatch(/1 passed/);
  expect(code).toBe(0);
});
