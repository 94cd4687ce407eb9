/**
 * Tests the API with Schemathesis, which sends requests to every operation of the OpenAPI document, and compares the
 * responses with the document. Requests that match the schemas may be refused only where a parameter or the body has a
 * grammar.
 */
import { beforeAll, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/program.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed, runTool } from '../helpers/tool.ts';

const LONG = { timeout: 600_000 };
const skip = !installed('schemathesis');

/** The operations with a parameter or a body that has a grammar; docs/api.md lists these parameters. */
const GRAMMAR =
  'listMessages|markMessages|deleteMessages|submitMessage|sendToApplication|(get|mark|delete)Message.*|getChecks?|runCheck|' +
  'listAccounts|createAccount|setAccountPassword|deleteAccount|listRules|addRule|setRule|deleteRules|orderRules|explainRules|' +
  'listTags|listSessions|listDeliveries|releaseMessage|rehearseRelease|changeAllowList';
/** Operations whose response takes as long as the caller requests. */
const LASTING = 'waitForMessage|streamEvents';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

/** The checks are deterministic: each operation gets the same requests in every run. */
async function run(excluded: string, ...options: string[]): Promise<void> {
  const fixed = [
    '--seed',
    '1',
    '--max-examples',
    '20',
    '--no-color',
    '--exclude-operation-id-regex',
    `^(${excluded})$`,
  ];
  const url = new URL('api/openapi.json', sandbox.url).href;
  const args = ['run', url, '--phases', 'examples,coverage,fuzzing', ...fixed, ...options];
  const { code, output } = await runTool('schemathesis', args, {
    cwd: temporaryDirectory(),
    deadline: 500_000,
  });
  expect(code, output).toBe(0);
}

it.skipIf(skip)(`finds nothing with all checks${skip ? ' (not installed)' : ''}`, LONG, () =>
  run(LASTING, '--checks', 'all', '--exclude-checks', 'positive_data_acceptance'),
);

it.skipIf(skip)(
  `finds no refusal of valid data without a grammar${skip ? ' (not installed)' : ''}`,
  LONG,
  () => run(`${LASTING}|${GRAMMAR}`, '--checks', 'positive_data_acceptance'),
);
