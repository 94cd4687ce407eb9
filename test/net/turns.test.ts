/** Tests turns: a limited number of tasks run at once, in order, and the queue is limited. */
import { describe, expect, it } from 'vitest';
import { TooManyWaiting, Turns } from '../../server/net/turns.ts';

/** Returns a task that logs its start, and ends when the test ends it. */
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
  it('run a few tasks at once, the others in their order, whatever their result is', async () => {
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
