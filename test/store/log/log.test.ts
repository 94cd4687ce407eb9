/**
 * Tests the log: appended lines are read back by their position and by a replay, regardless of other operations in
 * between.
 */
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Rewrite } from '../../../server/store/log/compaction.ts';
import { Log, type Access } from '../../../server/store/log/index.ts';
import { seal } from '../../../server/store/log/line.ts';
import { temporaryDirectory } from '../stores.ts';

const lineOf = (n: number | string): Buffer => seal(`,"n":${JSON.stringify(n)}}`);
const numberOf = (line: Buffer): unknown => (JSON.parse(line.toString()) as { n: unknown }).n;

/** Opens a log and returns it with the numbers in its lines. */
async function openLog(file: string, access: Access = 'write'): Promise<{ log: Log; numbers: unknown[] }> {
  const numbers: unknown[] = [];
  const receiver = {
    begin: () => undefined,
    take: (line: Buffer) => {
      const n = numberOf(line);
      if (n === 'invalid') return false;
      numbers.push(n);
      return true;
    },
  };
  const log = await Log.open(file, receiver, { access });
  onTestFinished(() => log.close());
  return { log, numbers };
}

async function logWith(...lines: readonly Buffer[]): Promise<string> {
  const file = path.join(temporaryDirectory(), 'log');
  await writeFile(file, Buffer.concat(lines));
  return file;
}

const noKeeping = async (): Promise<void> => undefined;

it('lets the caller make room and try again when its file cannot be created', async () => {
  const directory = path.join(temporaryDirectory(), 'missing');
  const failures: unknown[] = [];
  const log = await Log.open(
    path.join(directory, 'log'),
    { begin: () => undefined, take: () => true },
    {
      access: 'write',
      create: async (open) => {
        try {
          return open();
        } catch (error) {
          failures.push(error);
          await mkdir(directory);
          return open();
        }
      },
    },
  );
  onTestFinished(() => log.close());
  expect(failures).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
  await log.append([lineOf(1)]);
  expect((await openLog(log.path, 'read')).numbers).toEqual([1]);
});

it('returns the positions of appended lines, by which they are read', async () => {
  const { log } = await openLog(path.join(temporaryDirectory(), 'log'));
  const [first] = await log.append([lineOf(1)]);
  const [second, third] = await log.append([lineOf('two'), lineOf(3)]);
  expect(first).toEqual({ offset: 0, length: lineOf(1).length - 1 });
  expect(numberOf(await log.read(second!))).toBe('two');
  expect(numberOf(log.readNow(third!.offset, third!.length))).toBe(3);
  expect(await log.append([])).toEqual([]);
  await Promise.all([log.synced(), log.synced()]);
  const again = await openLog(log.path);
  expect(again.numbers).toEqual([1, 'two', 3]);
  expect(again.log.replayed).toEqual({ lines: 3, damaged: [], keep: log.size, torn: 0, unended: false });
});

describe('after a damage', () => {
  it('cuts off a torn last line, which the caller may keep', async () => {
    const file = await logWith(lineOf(1), lineOf(2).subarray(0, 12));
    const { log, numbers } = await openLog(file);
    expect(numbers).toEqual([1]);
    expect(log.replayed).toMatchObject({ torn: 12, keep: lineOf(1).length });
    const kept: string[] = [];
    await log.mendEnd(async (torn) => void kept.push(torn.toString()));
    expect(kept).toEqual([lineOf(2).subarray(0, 12).toString()]);
    await log.append([lineOf(3)]);
    expect((await openLog(file)).numbers).toEqual([1, 3]);
  });

  it('ends a last line whose line ending is missing', async () => {
    const file = await logWith(lineOf(1), lineOf(2).subarray(0, -1));
    const { log } = await openLog(file);
    expect(log.replayed).toMatchObject({ torn: 0, unended: true });
    await log.mendEnd(noKeeping);
    await log.append([lineOf(3)]);
    expect((await openLog(file)).numbers).toEqual([1, 2, 3]);
  });

  it('skips damaged lines, and finds the intact lines on both sides of a lost line ending', async () => {
    const damaged = Buffer.from(lineOf('damaged'));
    damaged[20] = damaged[20]! ^ 1;
    const joined = Buffer.concat([lineOf(2).subarray(0, -1), lineOf(3)]);
    const file = await logWith(lineOf(1), damaged, joined, lineOf('invalid'), lineOf(4));
    const { log, numbers } = await openLog(file);
    expect(numbers).toEqual([1, 2, 3, 4]);
    const at = lineOf(1).length;
    expect(log.replayed.damaged.map(({ offset }) => offset)).toEqual([
      at,
      at + damaged.length,
      at + damaged.length + joined.length,
    ]);
  });

  it('keeps a torn last line that contains an intact one', async () => {
    const joined = Buffer.concat([lineOf(2).subarray(0, -1), lineOf(3).subarray(0, 9)]);
    const file = await logWith(lineOf(1), joined);
    const { log, numbers } = await openLog(file);
    expect(numbers).toEqual([1, 2]);
    expect(log.replayed).toMatchObject({ torn: 0, damaged: [{ offset: lineOf(1).length }] });
    await log.mendEnd(noKeeping);
    await log.append([lineOf(4)]);
    expect((await openLog(file)).numbers).toEqual([1, 2, 4]);
  });
});

it('appends nothing to a file that was moved away, or whose name leads elsewhere', async () => {
  const file = await logWith(lineOf(1));
  const { log } = await openLog(file);
  await rename(file, `${file}.moved`);
  await expect(log.append([lineOf(2)])).rejects.toMatchObject({ code: 'unwritable' });
  await mkdir(file);
  await expect(log.append([lineOf(2)])).rejects.toMatchObject({ code: 'unwritable' });
  expect(await readFile(`${file}.moved`)).toEqual(lineOf(1));
});

it('holds appended lines in memory when it may only read', async () => {
  const file = await logWith(lineOf(1), lineOf(2).subarray(0, 9));
  const { log } = await openLog(file, 'read');
  await log.mendEnd(noKeeping);
  const [position] = await log.append([lineOf(3)]);
  expect(numberOf(await log.read(position!))).toBe(3);
  expect(await readFile(file)).toEqual(Buffer.concat([lineOf(1), lineOf(2).subarray(0, 9)]));
  const missing = path.join(temporaryDirectory(), 'log');
  const { log: empty } = await openLog(missing, 'read');
  await empty.append([lineOf(1)]);
  expect(await readdir(path.dirname(missing))).toEqual([]);
});

describe('a compaction', () => {
  const options = { beforeEnd: noKeeping, signal: new AbortController().signal, fsync: true };

  /** Rewrites the log as one line, and appends other lines while it runs. */
  const rewrite = (log: Log, changes: Partial<Rewrite>): Rewrite => ({
    write: async (target) => {
      expect(await target.write(lineOf('kept'))).toBe(0);
      await log.append([lineOf('during')]);
    },
    moved: () => undefined,
    ...changes,
  });

  it('keeps the lines that are appended in the meantime, and reports how far they moved', async () => {
    const file = await logWith(...Array.from({ length: 100 }, (_, n) => lineOf(n)));
    const { log } = await openLog(file);
    const before = log.size;
    const moves: number[] = [];
    let appended: Promise<unknown> = Promise.resolve();
    await log.compact({
      ...options,
      begin: async () => {
        // This line waits until the rewrite is prepared.
        appended = log.append([lineOf('held')]);
        return rewrite(log, { moved: (from, by) => void moves.push(from, by) });
      },
      beforeEnd: async () => {
        await log.append([lineOf('late')]);
      },
      keepOld: 'old',
    });
    await appended;
    expect(moves).toEqual([before, lineOf('kept').length - before]);
    expect((await openLog(file)).numbers).toEqual(['kept', 'held', 'during', 'late']);
    const old = (await openLog(path.join(path.dirname(file), 'old'), 'read')).numbers;
    expect(old.slice(100)).toEqual(['held', 'during', 'late']);
    await log.append([lineOf('after')]);
    expect((await openLog(file)).numbers.at(-1)).toBe('after');
    expect((await readdir(path.dirname(file))).sort()).toEqual(['log', 'old']);
  });

  it('changes nothing when it fails, is aborted, or finds the log displaced', async () => {
    const file = await logWith(lineOf(1));
    const { log } = await openLog(file);
    const failing = { write: () => Promise.reject(new Error('failed')) };
    await expect(log.compact({ ...options, begin: async () => rewrite(log, failing) })).rejects.toThrow(
      'failed',
    );
    const stop = new AbortController();
    await expect(
      log.compact({
        ...options,
        signal: stop.signal,
        begin: async () => {
          stop.abort(new Error('stopped'));
          stop.signal.throwIfAborted();
          return rewrite(log, {});
        },
      }),
    ).rejects.toThrow('stopped');
    expect(await readdir(path.dirname(file))).toEqual(['log']);
    await log.append([lineOf(2)]);
    await expect(
      log.compact({
        ...options,
        begin: async () => rewrite(log, {}),
        beforeEnd: () => rename(file, `${file}.moved`),
      }),
    ).rejects.toMatchObject({ code: 'unwritable' });
    expect((await openLog(`${file}.moved`)).numbers).toEqual([1, 2, 'during']);
  });
});
