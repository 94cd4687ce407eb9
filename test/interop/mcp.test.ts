/**
 * Tests the MCP server with programs of its project: the inspector's command line, and the scenarios of the
 * conformance package that need no special tools. `npm install --global @modelcontextprotocol/inspector-cli@0.17
 * @modelcontextprotocol/conformance` installs them; the conformance package needs Node 22.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { installed, mustRun } from '../helpers/tool.ts';

const hasInspector = installed('mcp-inspector-cli');
/** Node 20 cannot load the conformance program. */
const hasConformance = installed('conformance') && spawnSync('conformance', ['list']).status === 0;

describe.skipIf(!hasInspector)(`the inspector${hasInspector ? '' : ' (not installed)'}`, () => {
  const inspect = async (url: string, ...args: string[]): Promise<unknown> =>
    JSON.parse(await mustRun('mcp-inspector-cli', ['--cli', `${url}mcp`, '--transport', 'http', ...args]));

  it('lists the tools, calls one, and reads a resource', async () => {
    const { url, smtp } = await startTestSandbox();
    expect(await inspect(url, '--method', 'tools/list')).toMatchObject({
      tools: [{ name: 'create_inbox' }, ...rest(20)],
    });
    const call = ['--method', 'tools/call', '--tool-name', 'server_info'];
    expect(await inspect(url, ...call, '--tool-arg', 'framework=laravel')).toMatchObject({
      structuredContent: { settings: expect.stringContaining(`MAIL_PORT=${smtp.port}`) },
    });
    const read = ['--method', 'resources/read', '--uri', 'restante://docs/query'];
    expect(await inspect(url, ...read)).toMatchObject({ contents: [{ mimeType: 'text/markdown' }] });
  });
});

const rest = (count: number): unknown[] => Array.from({ length: count }, () => expect.anything());

describe.skipIf(!hasConformance)(`the conformance package${hasConformance ? '' : ' (not installed)'}`, () => {
  it.each([
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
  ])('passes the scenario %s', async (scenario) => {
    const { url } = await startTestSandbox();
    const output = await mustRun('conformance', ['server', '--url', `${url}mcp`, '--scenario', scenario]);
    expect(output).toMatch(/Passed: [1-9]\d*\/\d+, 0 failed, 0 warnings/);
  });
});
