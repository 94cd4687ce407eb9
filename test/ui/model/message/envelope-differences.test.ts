/** Tests the differences between the envelope and the headers. */
import { describe, expect, it } from 'vitest';
import type { Detail, Header } from '../../../../contract/index.ts';
import { envelopeDifferences } from '../../../../ui/model/message/envelope-differences.ts';

/** Returns a message with only the few properties that the model reads. */
const detail = (given: Partial<Detail>): Detail =>
  ({ headers: [], from: [], to: [], cc: [], ...given }) as unknown as Detail;

describe('envelopeDifferences', () => {
  const from = [{ name: '', address: 'shop@x.test' }];
  const to = [{ name: '', address: 'Ann@x.test' }];
  const envelope = (sender: string, ...recipients: string[]): Detail['envelope'] =>
    ({ from: sender, to: recipients }) as unknown as Detail['envelope'];

  it('returns nothing if envelope and headers agree, regardless of letter case', () => {
    expect(
      envelopeDifferences(detail({ from, to, envelope: envelope('SHOP@x.test', 'ann@X.test') })),
    ).toEqual([]);
  });

  it('reports another sender, a Bcc recipient, and a header address that is not in the envelope', () => {
    const said = envelopeDifferences(
      detail({ from, to, envelope: envelope('bounces@x.test', 'bob@x.test') }),
    );
    expect(said).toHaveLength(3);
    expect(said[0]).toContain('bounces@x.test');
    expect(said[0]).toContain('shop@x.test');
    expect(said[1]).toContain('bob@x.test');
    expect(said[2]).toContain('ann@x.test');
  });

  it('accepts the Sender field as the author', () => {
    const headers: Header[] = [{ name: 'Sender', value: 'Desk <desk@x.test>', raw: '' }];
    expect(
      envelopeDifferences(detail({ from, to, headers, envelope: envelope('desk@x.test', 'ann@x.test') })),
    ).toEqual([]);
  });
});
