/** Tests of the thread pool: a job that hangs, fails or crashes its thread does not affect other jobs. */
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { copyOf, JobError, type Job } from '../../server/thread/job.ts';
import { ThreadPool, type PoolOptions } from '../../server/thread/pool.ts';

const file = path.join(import.meta.dirname, 'worker.mjs');

function openPool(options: PoolOptions = {}): ThreadPool {
  const pool = new ThreadPool({ file, threads: 1, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

/**
 * Returns a job that the worker of this test runs. In a pool without threads, the function in this file runs the job.
 */
const jobOf = <Input, Output>(name: string, run?: (input: Input) => Output): Job<Input, Output> => ({
  name,
  run:
    run ??
    (() => {
      throw new Error('This job runs in a thread');
    }),
});
const double = jobOf('double', (input: number) => input * 2);
const failureOf = async (result: Promise<unknown>): Promise<string> => {
  const error: unknown = await result.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  return error instanceof JobError ? `${error.failure}: ${error.message}` : String(error);
};

it('returns outputs and errors, and continues after the loss of a thread', async () => {
  const pool = openPool({ heapMb: 16 });
  const results = await Promise.all([
    pool.run(double, () => 21),
    failureOf(pool.run(jobOf('fail'), () => 0)),
    failureOf(pool.run(jobOf('hang'), () => 0, { deadline: 50 })),
    pool.run(double, () => 1),
    failureOf(pool.run(jobOf('exit'), () => 0)),
    failureOf(pool.run(jobOf('allocate'), () => 0)),
    pool.run(double, () => 4),
  ]);
  expect(results).toEqual([
    42,
    'failed: out of luck',
    'deadline: it took more than 0.05 seconds',
    2,
    'failed: its thread ended',
    expect.stringMatching(/^failed: .*memory limit/),
    8,
  ]);
});

it('aborts a job when its signal aborts, before and during the run', async () => {
  const pool = openPool();
  const abort = new AbortController();
  const running = failureOf(pool.run(jobOf('hang'), () => 0, { signal: abort.signal }));
  const next = pool.run(double, () => 2);
  abort.abort(new Error('enough'));
  expect(await running).toBe('Error: enough');
  expect(await failureOf(pool.run(double, () => 1, { signal: abort.signal }))).toBe('Error: enough');
  expect(await next).toBe(4);
});

it('rejects a job whose input cannot be created, and continues', async () => {
  const pool = openPool();
  const failed = failureOf(
    pool.run(double, () => {
      throw new Error('no bytes');
    }),
  );
  expect(await failed).toBe('Error: no bytes');
  expect(await pool.run(double, () => 2)).toBe(4);
});

it('transfers bytes instead of copying them', async () => {
  const pool = openPool();
  const original = Buffer.from('abc');
  const input = { raw: await copyOf(original) };
  const output = await pool.run(jobOf<typeof input, Uint8Array>('bytes'), () => input);
  expect(Buffer.from(output).toString()).toBe('abc');
  expect(input.raw).toHaveLength(0);
  expect(original.toString()).toBe('abc');
});

it('creates inputs when their jobs start, and rejects jobs above the maximum number of waiting jobs', async () => {
  const pool = openPool();
  let made = 0;
  const results = Array.from({ length: 1_101 }, () =>
    failureOf(pool.run(jobOf<number, number>('slowly'), () => ++made, { deadline: 5_000 })),
  );
  expect(made).toBe(1);
  const busy = results.slice(1_001).map(async (result) => result);
  expect(new Set(await Promise.all(busy))).toEqual(
    new Set(['busy: Too many messages are waiting to be read']),
  );
  await pool.close();
  expect(made).toBeLessThan(1_001);
});

it('runs jobs in the calling thread if the pool has no threads', async () => {
  const pool = openPool({ file: null });
  expect(pool.isThreaded).toBe(false);
  expect(await pool.run(double, () => 21)).toBe(42);
});

/** Returns a job of the worker that reports steps. */
const steppingJob = (name: string): Job<number, number, number> => ({
  name,
  run: () => {
    throw new Error('This job runs in a thread');
  },
});

it('restarts the deadline at each step of a job', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const pool = openPool();
  const steps: number[] = [];
  const done = pool.run(steppingJob('steps'), () => 4, {
    deadline: 1_000,
    onStep: (n) => {
      steps.push(n);
      vi.advanceTimersByTime(900);
    },
  });
  expect(await done).toBe(4);
  expect(steps).toEqual([1, 2, 3, 4]);
});

it('passes on the steps before a deadline', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const pool = openPool();
  const steps: number[] = [];
  const lost = pool.run(steppingJob('step and hang'), () => 7, {
    deadline: 50,
    onStep: (n) => {
      steps.push(n);
      setImmediate(() => vi.advanceTimersByTime(50));
    },
  });
  expect(await failureOf(lost)).toBe('deadline: it took more than 0.05 seconds');
  expect(steps).toEqual([7]);
});

it('does not count the start of a thread as part of the deadline', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const pool = openPool();
  const done = pool.run(double, () => 21, { deadline: 1_000 });
  vi.advanceTimersByTime(60_000);
  expect(await done).toBe(42);
});

it('passes on the steps of a job in the calling thread', async () => {
  const pool = openPool({ file: null });
  const steps: string[] = [];
  const job: Job<string, number, string> = {
    name: 'letters',
    run: (text, step) => {
      for (const letter of text) step?.(letter);
      return text.length;
    },
  };
  expect(await pool.run(job, () => 'abc', { onStep: (letter) => steps.push(letter) })).toBe(3);
  expect(steps).toEqual(['a', 'b', 'c']);
});
