/** Tests that the flag of `optimizeSooner` makes this version of V8 optimize a function after fewer calls. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tierUpFlag } from '../../server/cli/optimize-sooner.ts';

/** Returns the number of calls after which a new process has optimized a function. */
function callsUntilOptimized(flag: string): number {
  const code = `
    require('node:v8').setFlagsFromString(${JSON.stringify(flag)});
    const count = (text) => { let found = 0; for (const each of text) if (each === 'a') found++; return found; };
    const OPTIMIZED = 1 << 4;
    let calls = 0;
    do { count('banana'); calls++; } while ((%GetOptimizationStatus(count) & OPTIMIZED) === 0 && calls < 1e6);
    console.log(calls);`;
  const flags = ['--allow-natives-syntax', '--no-concurrent-recompilation', '--no-use-osr'];
  return Number(execFileSync(process.execPath, [...flags, '-e', code], { encoding: 'utf8' }));
}

const flag = tierUpFlag(process.versions.v8);

describe('the flag for the compiler of V8', () => {
  it.skipIf(flag === undefined)('makes V8 optimize a function after fewer calls', () => {
    const sooner = callsUntilOptimized(flag ?? '');
    expect(sooner).toBeGreaterThan(1);
    expect(2 * sooner).toBeLessThan(callsUntilOptimized('--no-log'));
  });

  it('is absent for versions of V8 without measurements', () => {
    expect(tierUpFlag('13.6.233.17-node.37')).toBeUndefined();
    expect(tierUpFlag('')).toBeUndefined();
  });
});
