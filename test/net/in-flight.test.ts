/**
 * Tests messages during their transfer: how many octets are held in memory, and where the remaining octets are stored.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InFlight, NoRoom, type HeldMessage } from '../../server/net/in-flight/index.ts';

function folder(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-in-flight-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const piece = (octet: number): Buffer => Buffer.alloc(100, octet);
async function fill(message: HeldMessage, pieces: number): Promise<Buffer> {
  for (let n = 0; n < pieces; n++) await message.add(piece(n));
  return Buffer.concat(Array.from({ length: pieces }, (_, n) => piece(n)));
}

describe('messages on their way in', () => {
  it('stay in memory below the limit', async () => {
    const inFlight = new InFlight({ limit: 1000, directory: folder() });
    const message = inFlight.hold(10_000);
    const whole = await fill(message, 10);
    expect(inFlight).toMatchObject({ octets: 1000, spilled: 0 });
    expect(await message.take()).toEqual(whole);
    expect(inFlight.octets).toBe(1000);
    await message.release();
    expect(inFlight.octets).toBe(0);
  });

  it('are written to a file above it, completely, and the others stay in memory', async () => {
    const directory = folder();
    const inFlight = new InFlight({ limit: 1000, directory });
    const [first, second] = [inFlight.hold(10_000), inFlight.hold(10_000)];
    const small = await fill(first, 6);
    const large = await fill(second, 30);
    expect(inFlight).toMatchObject({ octets: 600, most: 1000, spilled: 1 });
    expect(readdirSync(directory)).toHaveLength(1);
    expect(await first.take()).toEqual(small);
    await first.release();
    expect(await second.take()).toEqual(large);
    await second.release();
    expect(inFlight.octets).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('of many senders that stall use no more memory than the limit', async () => {
    const inFlight = new InFlight({ limit: 1000, directory: folder() });
    const stalled = Array.from({ length: 15 }, () => inFlight.hold(10_000));
    for (const message of stalled) await fill(message, 50);
    expect(inFlight.most).toBeLessThanOrEqual(1000);
    // The message of another sender still arrives.
    const other = inFlight.hold(10_000);
    const whole = await fill(other, 20);
    expect(await other.take()).toEqual(whole);
    await Promise.all([other, ...stalled].map((message) => message.release()));
    expect(inFlight.octets).toBe(0);
  });

  it('are read back into memory one at a time above the limit', async () => {
    const inFlight = new InFlight({ limit: 1000, directory: folder() });
    const messages = [1, 2, 3].map(() => inFlight.hold(10_000));
    for (const message of messages) await fill(message, 20);
    const order: string[] = [];
    await Promise.all(
      messages.map(async (message, index) => {
        const { length } = await message.take();
        order.push(`${index} taken: ${length}, ${inFlight.octets} in memory`);
        await message.release();
      }),
    );
    expect(order).toEqual([0, 1, 2].map((index) => `${index} taken: 2000, 2000 in memory`));
  });

  it('that are released while they wait to be read back do not delay others', async () => {
    const inFlight = new InFlight({ limit: 1000, directory: folder() });
    const [first, second, third] = [1, 2, 3].map(() => inFlight.hold(10_000));
    for (const message of [first!, second!, third!]) await fill(message, 20);
    await first!.take();
    const left = second!.take().catch((error: unknown) => error);
    const waiting = third!.take();
    await second!.release();
    await first!.release();
    expect(await left).toBeInstanceOf(NoRoom);
    expect(await waiting).toHaveLength(2000);
    await third!.release();
    expect(inFlight.octets).toBe(0);
    await expect(third!.take()).rejects.toThrow(NoRoom);
  });

  it('are discarded above the size limit of a message', async () => {
    const directory = folder();
    const inFlight = new InFlight({ limit: 1000, directory });
    const message = inFlight.hold(1500);
    await fill(message, 30);
    expect(message).toMatchObject({ octets: 3000, oversized: true });
    await message.release();
    expect(inFlight.octets).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are refused if there is no directory for files', async () => {
    const inFlight = new InFlight({ limit: 1000, directory: null });
    const [small, large] = [inFlight.hold(10_000), inFlight.hold(10_000)];
    const whole = await fill(small, 5);
    await fill(large, 20);
    expect(inFlight.octets).toBe(500);
    await expect(large.take()).rejects.toThrow(NoRoom);
    expect(await small.take()).toEqual(whole);
  });

  it('are refused if the file cannot be written', async () => {
    const directory = path.join(folder(), 'a file');
    writeFileSync(directory, '');
    const inFlight = new InFlight({ limit: 1000, directory });
    const message = inFlight.hold(10_000);
    await fill(message, 20);
    await expect(message.take()).rejects.toThrow(NoRoom);
    await message.release();
    expect(inFlight.octets).toBe(0);
  });

  it('of a killed process are removed, and no other files', async () => {
    const directory = folder();
    for (const name of ['one.part', 'two.part', 'keep.txt']) writeFileSync(path.join(directory, name), 'x');
    await new InFlight({ limit: 1000, directory }).clean();
    expect(readdirSync(directory)).toEqual(['keep.txt']);
    await new InFlight({ limit: 1000, directory: path.join(directory, 'absent') }).clean();
  });
});
