/**
 * Tests docs/rules.md: every rule, action and piece of code in it works. The calls in it are run by
 * test/documentation.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../../server/rules/actions/index.ts';
import { signature } from '../../server/rules/webhooks.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'rules.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
/** The rows of the table of actions, each with the name and the example of an action. */
const examples = [...page.matchAll(/^\| `(\w+)` +\| `(\{.*?\})` +\|/gm)].map(([, name = '', json = '']) => ({
  name,
  then: JSON.parse(json) as Record<string, unknown>,
}));
const STAGES: Readonly<Record<string, string>> = { quota: 'rcpt', greylist: 'rcpt' };

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});
const post = async (where: string, body: string): Promise<[number, unknown]> => {
  const response = await sandbox.api(where, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return [response.status, await response.json()];
};

describe('docs/rules.md', () => {
  it.each(blocks('json'))('has rules that are understood: %s', async (json) => {
    expect((await post('rules', json))[0]).toBe(201);
  });

  it('contains an example of every action', async () => {
    expect(examples.map(({ name }) => name).sort()).toEqual([...actions.keys()].sort());
    for (const { name, then } of examples) {
      expect(Object.keys(then)).toEqual([name]);
      const rule = {
        on: STAGES[name] ?? (actions.get(name)?.stages.includes('data') ? 'data' : 'mail'),
        then,
      };
      expect(await post('rules', JSON.stringify(rule)), name).toMatchObject([201, {}]);
    }
  });

  it('contains code that verifies a signature', async () => {
    const [code = ''] = blocks('js');
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isGenuine: (header: string, body: string, secret: string) => boolean;
    };
    const header = signature('s3cret', 1_700_000_000, '{"a":1}');
    expect(module.isGenuine(header, '{"a":1}', 's3cret')).toBe(true);
    expect(module.isGenuine(header, '{"a":2}', 's3cret')).toBe(false);
    expect(module.isGenuine('t=1', '{}', 's3cret')).toBe(false);
  });
});
