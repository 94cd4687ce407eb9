/** Runs the Cypress example with Cypress itself, if it is installed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/program.ts';
import { installed, mustRun, NO_RUNNER, runTool } from '../helpers/tool.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Returns the reason why the example cannot be run; Cypress is a separate program of several hundred megabytes. */
function missing(): string | null {
  if (!installed('cypress')) return 'cypress is not on PATH';
  const { status } = spawnSync('cypress', ['verify'], { timeout: 60_000 });
  return status === 0 ? null : 'cypress verify fails';
}

/** Returns a project with the example and Cypress, which is not a dependency of this repository. */
function exampleProject(): string {
  const project = temporaryDirectory();
  const modules = path.join(project, 'node_modules');
  mkdirSync(modules);
  const program = realpathSync(spawnSync('sh', ['-c', 'command -v cypress']).stdout.toString().trim());
  const links = {
    restante: root,
    nodemailer: path.join(root, 'node_modules', 'nodemailer'),
    cypress: path.resolve(program, '..', '..'),
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(modules, name));
  for (const name of ['cypress', 'app.mjs']) {
    cpSync(path.join(root, 'test', 'examples', name), path.join(project, name), { recursive: true });
  }
  return path.join(project, 'cypress');
}

const reason = missing();
const skipped = reason === null ? '' : ` (skipped: ${reason})`;

it.skipIf(reason !== null)(
  `runs the example, and has types for it${skipped}`,
  { timeout: 600_000 },
  async () => {
    const cwd = exampleProject();
    expect(await mustRun(path.join(root, 'node_modules', '.bin', 'tsc'), [], { cwd })).toBe('');
    const env = { NODE_ENV: '', NODE_OPTIONS: '', RESTANTE_URL: '', NO_COLOR: '1' };
    const output = await mustRun('cypress', ['run', '--config', 'video=false'], {
      cwd,
      env,
    });
    expect(output).toMatch(/Passing: +3/);
  },
);

const FAILS = `it('fails on purpose', () => {
  cy.createInbox().then((inbox) => {
    cy.request('/signup?address=' + inbox.address);
    cy.waitForMail(inbox).then((message) => expect(message.subject).to.equal('Another subject'));
  });
});
`;

it.skipIf(reason !== null)(`keeps the mail of a failed test${skipped}`, { timeout: 600_000 }, async () => {
  const cwd = exampleProject();
  writeFileSync(path.join(cwd, 'e2e', 'fails.cy.js'), FAILS);
  const env = { ...NO_RUNNER, NO_COLOR: '1', RESTANTE_EVIDENCE_BROWSER: 'off' };
  const args = ['run', '--config', 'video=false,screenshotOnRunFailure=false', '--spec', 'e2e/fails.cy.js'];
  const { output } = await runTool('cypress', args, { cwd, env, deadline: 400_000 });
  const [, folder = ''] = /The mail of this test: (.*)/.exec(output) ?? [];
  expect(path.basename(folder), output).toBe('fails-on-purpose');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).join(' ');
  expect(names).toMatch(/-Confirm-your-address\.eml/);
});
