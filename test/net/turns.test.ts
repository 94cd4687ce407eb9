/** Turns: few at once, in order, and no endless queue. */
import { describe, expect, it } from 'vitest';
import { TooManyWaiting, Turns } from '../../server/net/turns.ts';

/** A task that ends when it is told, and says that it has begun. */
function task(name: string, log: string[]) {
  let resolve: (value: string) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<string>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  const run = (): Promise<string> => {
    log.push(name);
    return promise;
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

describe('turns', () => {
  it('run a few at once, the others in their order, whatever comes of them', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 2, what: 'tasks' });
    const begun: string[] = [];
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => task(name, begun)) as [
      ReturnType<typeof task>,
      ReturnType<typeof task>,
      ReturnType<typeof task>,
      ReturnType<typeof task>,
      ReturnType<typeof task>,
    ];
    const running = [a, b, c, d].map(({ run }) => turns.run(run));
    await expect(turns.run(e.run)).rejects.toThrow(TooManyWaiting);
    expect(begun).toEqual(['a', 'b']);
    b.fail();
    await expect(running[1]).rejects.toThrow('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    a.end();
    await running[0];
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    for (const each of [c, d, e]) each.end();
    expect(await Promise.all([running[2], running[3], turns.run(e.run)])).toEqual(['c', 'd', 'e']);
  });
});
