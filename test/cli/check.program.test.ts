/** Tests `restante check` as a build calls it: its output, its exit codes; and that the checks run in a thread. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/program.ts';
import { runTool, type ToolResult } from '../helpers/tool.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
const MESSAGE = [
  'From: a@x.test',
  'To: b@x.test',
  'Subject: x',
  'Date: Mon, 23 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@x.test>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed',
  '',
  'Text',
  '',
].join('\r\n');

async function check(args: string[], budget?: string): Promise<ToolResult> {
  const cwd = temporaryDirectory();
  writeFileSync(path.join(cwd, 'lf.eml'), 'From: a@x.test\nTo: b@x.test\n\nHello\n');
  writeFileSync(path.join(cwd, 'mail.eml'), MESSAGE);
  if (budget !== undefined) writeFileSync(path.join(cwd, 'restante.checks.json'), budget);
  return runTool(process.execPath, [program, 'check', ...args], { cwd });
}

describe('restante check', () => {
  it('prints findings with their position, and fails at the given severity', async () => {
    const { code, output } = await check(['mail.eml', '--fail-on', 'warning']);
    expect(code).toBe(1);
    expect(output).toMatch(
      /^mail\.eml:1:1: error standards\/missing-boundary: A multipart has no boundary parameter/m,
    );
    expect(output).toMatch(/^1 checked: \d+ error, \d+ warning, \d+ info$/m);
  });

  it('passes if no finding has that severity after the budget is applied', async () => {
    const { code, output } = await check(['mail.eml'], '{"rules": {"*": "info", "standards/*": "ignore"}}');
    expect(code).toBe(0);
    expect(output).not.toMatch('missing-boundary');
  });

  it('reports findings of SMTP, except those about the line ends of files', async () => {
    const { code, output } = await check(['lf.eml']);
    expect(code).toBe(1);
    expect(output).toMatch(/error protocol\/missing-date: The Date field is missing/);
    expect(output).not.toMatch('bare-lf');
  });

  it('prints JSON', async () => {
    const { output } = await check(['--json', 'mail.eml']);
    const [one] = JSON.parse(output) as [{ file: string; findings: { rule: string }[] }];
    expect(one.file).toBe('mail.eml');
    expect(one.findings.map(({ rule }) => rule)).toContain('missing-boundary');
  });

  it.each([
    [[], /name a file/],
    [['absent.eml'], /absent\.eml cannot be read/],
    [['mail.eml', '--fail-on', 'sunday'], /--fail-on must be one of info, warning, error/],
    [['mail.eml', '--client', 'eudora'], /--client: unknown client eudora/],
    [['mail.eml', '--budget', 'mail.eml'], /mail\.eml: the file is not valid JSON/],
  ])('describes the error for %j', async (args, message) => {
    const { code, output } = await check(args);
    expect([code, output.trim().split('\n').length]).toEqual([2, 1]);
    expect(output).toMatch(message);
  });
});
