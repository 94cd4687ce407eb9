/** Tests the API calls for checks. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport, Problem } from '../../contract/index.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const RAW = Buffer.from(
  'From: app@x.test\r\nTo: ann@x.test\r\nContent-Type: multipart/mixed\r\n\r\nHello\r\n',
);
let sandbox: TestSandbox;
let id = '';

beforeAll(async () => {
  sandbox = await openTestSandbox();
  [id = ''] = await sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to: ['ann@x.test'] });
  return () => sandbox.close();
});

describe('checks of a message', () => {
  it('are listed together with the findings of SMTP, the worst first', async () => {
    const { checks, findings } = await sandbox.json<CheckReport>(`messages/${id}/checks`);
    expect(checks.slice(0, 2)).toMatchObject([
      { check: 'protocol', state: 'done', live: false },
      { check: 'standards', state: 'done', live: false, reason: null, details: null },
    ]);
    expect(findings.map(({ check, rule }) => `${check}/${rule}`)).toEqual(
      expect.arrayContaining(['protocol/missing-date', 'standards/missing-boundary']),
    );
    const order = ['error', 'warning', 'info'];
    const severities = findings.map(({ severity }) => order.indexOf(severity));
    expect(severities).toEqual([...severities].sort());
  });

  it('can be requested one at a time', async () => {
    const { checks, findings } = await sandbox.json<CheckReport>(
      `messages/latest/checks/standards?account=ann@x.test`,
    );
    expect(checks.map(({ check }) => check)).toEqual(['standards']);
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(['standards']));
  });

  it('are refused for an unknown name, and for a message that does not exist', async () => {
    const unknown = await sandbox.api(`messages/${id}/checks/taste`);
    expect(unknown.status).toBe(400);
    const gone = await sandbox.api('messages/nobody/checks');
    expect(gone.status).toBe(404);
    const client = await sandbox.api(`messages/${id}/checks?clients=gmail.*,hey.ios`);
    expect(client.status).toBe(400);
    expect(((await client.json()) as Problem).detail).toBe(
      'clients: unknown client hey.ios; the known clients are hey.desktop-webmail',
    );
  });
});
