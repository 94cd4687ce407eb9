/**
 * Tests the search index over time: arrivals, removals, restarts, damage, and a storage place (home) that cannot be
 * written.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { MessageIndex } from '../../../../server/store/find/index/message-index.ts';
import { DamagedSegment } from '../../../../server/store/find/index/segment-file.ts';
import { memoryHome, type SegmentHome } from '../../../../server/store/find/index/segment-home.ts';
import { StoredSegment } from '../../../../server/store/find/index/stored-segment.ts';
import { parseQuery } from '../../../../server/store/find/language/parse.ts';
import type { MessageId } from '../../../../server/store/ids.ts';
import { Messages, search, type IndexResult, type Stored } from './messages.ts';

const open: MessageIndex<Stored>[] = [];
afterEach(async () => {
  for (const index of open.splice(0)) await index.close();
});

async function indexOf(messages: Messages, home?: SegmentHome): Promise<MessageIndex<Stored>> {
  const index = messages.index(home);
  open.push(index);
  await index.settled();
  return index;
}

const find = (index: MessageIndex<Stored>, messages: Messages, query: string): Promise<IndexResult> =>
  search(index, messages, parseQuery(query));

/** Returns the number of messages in the stored segments, including removed messages. */
async function sizeOf(home: SegmentHome): Promise<number> {
  let size = 0;
  for (const name of await home.list()) size += (await StoredSegment.open(await home.open(name))).size;
  return size;
}

function manyMessages(count: number): Messages {
  const messages = new Messages();
  for (let n = 1; n <= count; n++)
    messages.add({ text: `apples and ${n % 2 === 0 ? 'pears' : 'plums'} no ${n}` });
  return messages;
}

describe('an open index', () => {
  it('covers messages that arrive later, once they are indexed', async () => {
    const messages = manyMessages(3);
    const index = await indexOf(messages);
    const id = messages.add({ text: 'late apples' });
    const before = await find(index, messages, 'body:late');
    expect(before).toEqual({ definite: [], possible: [id] });
    await index.settled();
    expect(await find(index, messages, 'body:late')).toEqual({ definite: [id], possible: [id] });
    expect((await find(index, messages, 'body:plums')).possible).toEqual(['id1', 'id3']);
  });

  it('keeps few segments however many messages come, and drops removed messages from them', async () => {
    const home = memoryHome();
    const messages = manyMessages(400);
    const index = await indexOf(messages, home);
    expect(index.segments).toBeLessThan(14);
    expect((await find(index, messages, 'body:pears')).definite).toHaveLength(200);
    for (const id of [...messages.stored.keys()].slice(0, 390)) messages.remove(id);
    expect((await find(index, messages, 'body:pears')).definite).toHaveLength(5);
    await expect.poll(async () => sizeOf(home)).toBeLessThan(40);
    expect((await find(index, messages, 'body:pears')).definite).toHaveLength(5);
  });

  it('writes its segment in memory when no mail arrives', async () => {
    const home = memoryHome();
    const messages = manyMessages(4);
    const index = messages.index(home, undefined, 20);
    open.push(index);
    await expect.poll(() => sizeOf(home), { timeout: 60_000 }).toBe(4);
    expect((await find(index, messages, 'body:plums')).definite).toEqual(['id1', 'id3']);
    const id = messages.add({ text: 'late apples' });
    await expect.poll(() => sizeOf(home), { timeout: 60_000 }).toBe(5);
    expect((await find(index, messages, 'body:late')).definite).toEqual([id]);
  });

  it('stores nothing when all messages are removed, even if they were removed before the start', async () => {
    const home = memoryHome();
    const messages = manyMessages(60);
    const index = await indexOf(messages, home);
    await index.close();
    messages.restart();
    for (const id of [...messages.stored.keys()]) messages.remove(id);
    await indexOf(messages, home);
    await expect.poll(() => home.list()).toEqual([]);
  });

  it('ends a search that is in progress when it closes, and deletes nothing then', async () => {
    const home = closingHome();
    const messages = manyMessages(60);
    const index = await indexOf(messages, home);
    const before = await home.list();
    const searching = find(index, messages, '"apples and" body:pears');
    await index.close();
    expect((await searching).definite).toHaveLength(30);
    expect(await home.list()).toEqual(expect.arrayContaining([...before]));
    expect(messages.reports).toEqual([]);
  });

  it('stops to index when its segment is full and none can be written', async () => {
    const home = { ...memoryHome(), isWritable: false };
    const messages = manyMessages(60);
    const index = messages.index(home);
    open.push(index);
    await expect.poll(async () => (await find(index, messages, 'body:pears')).definite.length).toBe(3);
    expect(index.waiting).toBe(54);
    expect((await find(index, messages, 'body:pears')).possible).toHaveLength(30 + 27);
  });

  it('leaves a message that cannot be read to the matcher', async () => {
    const messages = manyMessages(3);
    messages.unreadable.add('id2' as MessageId);
    const index = await indexOf(messages);
    expect(await find(index, messages, 'body:plums')).toEqual({
      definite: ['id1', 'id3'],
      possible: ['id1', 'id2', 'id3'],
    });
  });

  it('does not answer queries about facts in memory alone', async () => {
    const index = await indexOf(manyMessages(3));
    expect(await index.answer(parseQuery('is:unread -is:flagged larger:5'))).toBeUndefined();
  });
});

describe('a restarted index', () => {
  it('indexes nothing again after a close', async () => {
    const home = memoryHome();
    const messages = manyMessages(40);
    await (await indexOf(messages, home)).close();
    messages.restart();
    for (const id of messages.stored.keys()) messages.unreadable.add(id);
    const index = await indexOf(messages, home);
    expect((await find(index, messages, 'body:pears')).definite).toHaveLength(20);
    expect(messages.reports).toEqual([]);
  });

  it('indexes the messages again that a kill lost', async () => {
    const home = memoryHome();
    const messages = manyMessages(40);
    await indexOf(messages, home);
    const stored = (await home.list()).length;
    expect(stored).toBeGreaterThan(0);
    messages.restart();
    const index = await indexOf(messages, home);
    expect((await find(index, messages, 'body:pears')).definite).toHaveLength(20);
  });

  it('does not take a message for an earlier one with the same id', async () => {
    const home = memoryHome();
    const messages = new Messages();
    const id = messages.add({ text: 'apples' });
    await (await indexOf(messages, home)).close();
    messages.remove(id);
    messages.add({ text: 'pears' }, id);
    const index = await indexOf(messages, home);
    expect(await find(index, messages, 'body:apples')).toEqual({ definite: [], possible: [] });
    expect((await find(index, messages, 'body:pears')).definite).toEqual([id]);
  });
});

/** A storage place (home) of the index whose segments, like files, cannot be read after they are closed. */
function closingHome(): SegmentHome {
  const home = memoryHome();
  return {
    ...home,
    async open(name) {
      const source = await home.open(name);
      let isClosed = false;
      return {
        ...source,
        read: (from, to) => (isClosed ? Promise.reject(new Error('EBADF')) : source.read(from, to)),
        close: async () => void (isClosed = true),
      };
    },
  };
}

/** A storage place (home) of the index whose reads of postings, or whose writes, fail while a test requests it. */
function troubledHome(): SegmentHome & { damaged: boolean; full: boolean } {
  const home = memoryHome();
  return {
    damaged: false,
    full: false,
    isWritable: true,
    list: () => home.list(),
    async open(name) {
      const source = await home.open(name);
      return {
        ...source,
        read: (from, to) =>
          this.damaged ? Promise.reject(new DamagedSegment('a test damaged it')) : source.read(from, to),
      };
    },
    write(pieces) {
      return this.full ? Promise.reject(new Error('ENOSPC')) : home.write(pieces);
    },
    remove: (name) => home.remove(name),
  };
}

describe('a troubled home', () => {
  it('costs a damaged segment, reported, and no result', async () => {
    const home = troubledHome();
    const messages = manyMessages(40);
    const index = await indexOf(messages, home);
    home.damaged = true;
    const result = await find(index, messages, 'body:pears');
    home.damaged = false;
    expect(result.possible).toEqual(expect.arrayContaining(messages.matching(parseQuery('body:pears'))));
    expect(messages.reports[0]).toBe('A part of the search index is lost and made again: a test damaged it');
    await index.settled();
    expect((await find(index, messages, 'body:pears')).definite).toHaveLength(20);
  });

  it('costs no result while nothing can be written', async () => {
    const home = troubledHome();
    home.full = true;
    const messages = manyMessages(40);
    const index = messages.index(home);
    open.push(index);
    await expect.poll(() => index.segments).toBeGreaterThan(1);
    const { definite, possible } = await find(index, messages, 'body:pears');
    const matching = messages.matching(parseQuery('body:pears'));
    expect(possible).toEqual(expect.arrayContaining(matching));
    expect(matching).toEqual(expect.arrayContaining(definite));
    expect(definite.length).toBeGreaterThan(0);
    home.full = false;
  });
});
