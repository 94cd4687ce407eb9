/** Tests that hostile HTML and CSS are parsed within limits, and that the checks report when they reach a limit. */
import { describe, expect, it } from 'vitest';
import { staticCheckNames } from '../../contract/names.ts';
import { runStatic, type StaticResult } from '../../server/checks/run.ts';

const HEADER = 'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n';
const NOBODY = { from: { address: '', parameters: {} }, to: [] };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function check(html: string): StaticResult[] {
  const raw = Buffer.from(HEADER + html);
  return [
    ...runStatic({
      raw,
      envelope: NOBODY,
      receivedAt: null,
      checks: staticCheckNames,
      options: { clients: [] },
    }),
  ];
}

const cutShort = (results: readonly StaticResult[]): string[] =>
  results.flatMap(({ outcome }) =>
    outcome.findings.filter(({ rule }) => rule === 'cut-short').map(({ message }) => message),
  );

describe('monsters', () => {
  it('stops at the maximum number of style rules', () => {
    const rules = numbers(6_000).map((number) => `.a${number}{color:red}`);
    expect(cutShort(check(`<style>${rules.join('')}</style><p class=a5>x`))).toEqual([
      'There are too many style rules; contrast was computed with the first of them',
    ]);
  });

  it('stops at the maximum number of selector tests', () => {
    const rules = numbers(1_000).map((number) => `* > p:not(.b${number}){color:red}`);
    expect(cutShort(check(`<style>${rules.join('')}</style>${'<p>x</p>'.repeat(400)}`))).toEqual([
      'There are too many style rules; contrast was computed with the first of them',
    ]);
  });

  it.each([
    ['nested elements', '<div>'.repeat(5_000)],
    ['nested links', '<a href=//b.test>c</b>'.repeat(1_000)],
    ['nested tables', '<table><tr><td>'.repeat(1_500)],
    ['nested rules', `<style>${'a{'.repeat(20_000)}</style>`],
    ['nested media', `<style>${'@media screen{'.repeat(20_000)}</style>`],
    ['nested brackets', `<p style="width:${'calc('.repeat(50_000)}">`],
    ['attributes', `<p ${numbers(20_000).join('=1 a')} style="color:red">`],
    ['brackets of tags', '<'.repeat(200_000)],
  ])('survives %s without end', (_name, html) => {
    const results = check(`${html}x`);
    expect(results.map((result) => result.check)).toEqual(staticCheckNames);
    expect(results.flatMap(({ outcome }) => outcome.score ?? [])).toHaveLength(2);
  });
});
