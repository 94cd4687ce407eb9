/**
 * Tests of the authenticity check. Golden folders (`golden/authenticity/<case>/`) contain a message, the DNS zone
 * and the sender for the check, and the expected findings. dkimpy made the signatures in them, except for two that
 * it cannot make. If Debian's dkimpy is installed, it also signs messages during the test.
 */
import { ThreadPool } from '../../server/thread/pool.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { authenticity } from '../../server/checks/authenticity/index.ts';
import { authenticityRules } from '../../server/checks/authenticity/catalogue.ts';
import type { CheckRequest } from '../../server/checks/check.ts';
import { CheckedMessage } from '../../server/checks/checked-message.ts';
import type { Finding } from '../../server/message/finding.ts';
import { startDns } from '../helpers/dns.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { runTool } from '../helpers/tool.ts';

const folder = path.join(import.meta.dirname, 'golden', 'authenticity');
const cases = readdirSync(folder).sort();
/** Rules that a golden case cannot show, because they need a DNS server that fails. */
const UNANSWERED = ['spf-temperror', 'dkim-dns-failure', 'dmarc-temperror'];
const PYTHON = '/usr/bin/python3';

const messageIn = (name: string): Buffer =>
  Buffer.from(
    readFileSync(path.join(folder, name, 'message.eml'), 'latin1').replaceAll('\n', '\r\n'),
    'latin1',
  );

async function run(raw: Buffer, request: CheckRequest, dns = 'off'): Promise<readonly Finding[]> {
  const envelope = { from: { address: request.mailFrom ?? '', parameters: {} }, to: [] };
  const check = authenticity({ zone: null, dns, threads: new ThreadPool({ file: null }) });
  const outcome = await check.run(new CheckedMessage(raw, envelope), request, new AbortController().signal);
  return outcome.findings;
}

describe('authenticity', () => {
  it('has a case for each rule', () => {
    const shown = (rule: string): boolean =>
      UNANSWERED.includes(rule) || cases.some((name) => name.startsWith(rule));
    expect(Object.keys(authenticityRules).filter((rule) => !shown(rule))).toEqual([]);
  });

  it.each(cases)('%s', async (name) => {
    const request = JSON.parse(readFileSync(path.join(folder, name, 'request.json'), 'utf8')) as CheckRequest;
    const zone = readFileSync(path.join(folder, name, 'zone.txt'), 'utf8');
    const findings = await run(messageIn(name), { ...request, zone });
    const found = findings.map(({ rule, severity, message, where }) => ({ rule, severity, message, where }));
    if (name.startsWith('fine')) expect(found.filter(({ severity }) => severity !== 'info')).toEqual([]);
    else expect(found.map(({ rule }) => rule).filter((rule) => name.startsWith(rule))).not.toEqual([]);
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(
      path.join(folder, name, 'expected.json'),
    );
  });

  it('queries the configured DNS server, and reports that it does not respond', async () => {
    const raw = messageIn('fine');
    const request = { ip: '192.0.2.1', helo: 'out.shop.example', mailFrom: 'bounce@shop.example' };
    const { server, zones } = await startDns({
      'shop.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
      's1._domainkey.shop.example': { fails: 'REFUSED' },
      '_dmarc.shop.example': { fails: 'REFUSED' },
    });
    const rules = (await run(raw, request, server)).map(({ rule }) => rule);
    expect(rules).toEqual(['dkim-dns-failure', 'dmarc-temperror', ...rules.slice(2)]);
    zones.set('shop.example', { fails: 'REFUSED' });
    expect((await run(raw, request, server)).map(({ rule }) => rule)).toContain('spf-temperror');
  });

  it('does not query DNS for names that the zone has', async () => {
    const { server, asked } = await startDns({ '_dmarc.shop.example': { TXT: ['v=DMARC1; p=reject'] } });
    const zone = 'shop.example. TXT "v=spf1 ip4:192.0.2.1 -all"';
    const request = { ip: '192.0.2.1', mailFrom: 'a@shop.example', zone };
    const findings = await run(messageIn('dkim-none'), request, server);
    expect(findings.map(({ rule }) => rule)).toContain('dmarc-none');
    expect(asked).toEqual([]);
  });

  it.skipIf(!existsSync(PYTHON) || !existsSync('/usr/lib/python3/dist-packages/dkim'))(
    'accepts signatures of dkimpy',
    async () => {
      const directory = temporaryDirectory();
      const script = path.join(import.meta.dirname, 'sign-with-dkimpy.py');
      const { code, output } = await runTool(PYTHON, [script], { cwd: directory });
      expect([code, output]).toEqual([0, expect.any(String)]);
      const zone = readFileSync(path.join(directory, 'zone.txt'), 'utf8');
      const signed = readdirSync(directory).filter((name) => name.endsWith('.eml'));
      expect(signed).toHaveLength(8);
      for (const name of signed) {
        const findings = await run(readFileSync(path.join(directory, name)), {
          zone,
          mailFrom: 'a@shop.example',
        });
        const rules = findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('dkim'));
        expect([name, rules]).toEqual([name, name.startsWith('changed') ? ['dkim-body-changed'] : []]);
      }
    },
  );
});
