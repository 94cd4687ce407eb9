import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../server/store/changes.ts';
import type { MessageId, Seq } from '../../../../server/store/ids.ts';
import type { Candidate } from '../../../../server/store/find/language/candidate.ts';
import { matches } from '../../../../server/store/find/language/match.ts';
import { parseQuery } from '../../../../server/store/find/language/parse.ts';
import { openMessageSearch, type MessageSearch } from '../../../../server/store/find/index/message-search.ts';
import { isWholeSaved } from '../../../../server/store/find/index/saved.ts';
import { candidateOf } from '../language/candidates.ts';

/** A minimal mail state: messages by id, and a feed of their changes. */
class Messages {
  readonly texts = new Map<string, string>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly changes = {
    seq: 0 as Seq,
    subscribe: (listener: (change: Change) => void) => {
      this.#listeners.add(listener);
      return () => void this.#listeners.delete(listener);
    },
    since: () => [],
  };

  readonly candidate = (id: string): Candidate | undefined => {
    const text = this.texts.get(id);
    return text === undefined ? undefined : candidateOf({ id: id as MessageId }, text);
  };

  add(id: string, text: string): void {
    this.texts.set(id, text);
    this.#tell({ kind: 'message-added', seq: 1 as Seq, message: id as MessageId, places: [] });
  }

  remove(id: string): void {
    this.texts.delete(id);
    const change = { kind: 'message-removed', seq: 1 as Seq, places: [], reason: 'deleted' } as const;
    this.#tell({ ...change, message: id as MessageId });
  }

  search(saved?: Buffer): Promise<MessageSearch> {
    const { changes, candidate } = this;
    return openMessageSearch({
      changes,
      candidate,
      ids: () => this.texts.keys() as Iterable<MessageId>,
      saved,
    });
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

const narrowed = (search: MessageSearch, messages: Messages, query: string): string[] => {
  const candidates = search.narrow(parseQuery(query));
  return [...messages.texts.keys()].filter((id) => candidates?.has(id) ?? true);
};

describe('the search index of a store', () => {
  it('indexes existing and new messages, and drops removed ones', async () => {
    const messages = new Messages();
    messages.add('a', 'apples and pears');
    const search = await messages.search();
    messages.add('b', 'bananas and pears');
    expect(narrowed(search, messages, 'apples'), 'not indexed yet').toEqual(['a', 'b']);
    await search.settled();
    expect(search.waiting).toBe(0);
    expect(narrowed(search, messages, 'apples')).toEqual(['a']);
    expect(narrowed(search, messages, 'pears')).toEqual(['a', 'b']);
    messages.remove('a');
    messages.add('c', 'cherries');
    await search.settled();
    expect(narrowed(search, messages, 'apples')).toEqual([]);
    expect(narrowed(search, messages, 'cherries')).toEqual(['c']);
    search.close();
  });

  it('does not exclude messages that are indexed during a search', async () => {
    const messages = new Messages();
    const search = await messages.search();
    messages.add('a', 'apples');
    const before = search.narrow(parseQuery('apples'));
    await search.settled();
    expect(before?.has('a')).toBe(true);
    search.close();
  });

  it('is restored from the saved index, without removed messages and with new ones', async () => {
    const messages = new Messages();
    for (let n = 0; n < 1500; n++) messages.add(`m${n}`, `message number <${n}>`);
    const search = await messages.search();
    await search.settled();
    const saved = Buffer.concat([...search.encode()]);
    search.close();
    messages.remove('m7');
    messages.add('new', 'message number <7>');
    const again = await messages.search(saved);
    expect(again.waiting).toBe(1);
    expect(narrowed(again, messages, '"<1234>"')).toEqual(['m1234', 'new']);
    await again.settled();
    const found = narrowed(again, messages, '"number <7>"');
    expect(found).toContain('new');
    expect(found).not.toContain('m7');
    expect(found.length).toBeLessThan(20);
    again.close();
  });

  it('indexes again the damaged parts of a saved index, and an index of another version', async () => {
    const messages = new Messages();
    for (let n = 0; n < 1500; n++) messages.add(`m${n}`, `message number <${n}>`);
    const search = await messages.search();
    await search.settled();
    const saved = Buffer.concat([...search.encode()]);
    search.close();
    const damaged = Buffer.from(saved);
    damaged[200] = 255 - (damaged[200] ?? 0);
    expect((await messages.search(damaged)).waiting).toBe(1024);
    expect((await messages.search(saved.subarray(0, saved.length - 30))).waiting).toBe(1500 - 1024);
    const other = Buffer.concat([Buffer.from('X'), saved.subarray(1)]);
    expect((await messages.search(other)).waiting).toBe(1500);
    expect((await messages.search(Buffer.alloc(0))).waiting).toBe(1500);
  });

  it('excludes no message after damage to the head of a record, nor for a repeated record', async () => {
    const messages = new Messages();
    for (let n = 0; n < 1100; n++) messages.add(`m${n}`, `message number <${n}>`);
    const search = await messages.search();
    await search.settled();
    const pieces = [...search.encode()];
    search.close();
    const saved = Buffer.concat(pieces);
    const [rules = Buffer.alloc(0), first = Buffer.alloc(0), second = Buffer.alloc(0)] = pieces;
    const finds = async (damaged: Buffer): Promise<void> => {
      const opened = await messages.search(damaged);
      for (const n of [3, 1023, 1024, 1099]) {
        expect(narrowed(opened, messages, `"number <${n}>"`)).toContain(`m${n}`);
      }
      opened.close();
    };
    for (const record of [rules.length, rules.length + first.length]) {
      for (let at = 0; at < 16; at++) {
        const damaged = Buffer.from(saved);
        damaged[record + at]! ^= 1;
        await finds(damaged);
        expect(isWholeSaved(damaged)).toBe(false);
      }
    }
    const renumbered = Buffer.concat([rules, second, second, first, first]);
    await finds(renumbered);
    await finds(Buffer.concat([saved, Buffer.alloc(16)]));
    expect([saved, renumbered, saved.subarray(0, -16)].map(isWholeSaved)).toEqual([true, false, false]);
  });

  it('finds every match in every field', async () => {
    const messages = new Messages();
    messages.add('id1', 'Hello there, CAFE\u0301 au lait');
    const search = await messages.search();
    await search.settled();
    const queries = [
      'café',
      'straße',
      'łukasz',
      'invoice',
      'hidden',
      'from:ann@x.test',
      'from:bounce@x.test',
    ];
    const fields = [
      'rcpt:hidden',
      'user:application',
      'subject:str*off',
      'body:lait',
      'text:grüße',
      'id:id1',
    ];
    const more = ['header:X-Run=grüße', 'filename:invoice', 'tag:live', 'messageid:m1@x', 'to:@bücher.test'];
    for (const query of [...queries, ...fields, ...more]) {
      expect(matches(parseQuery(query), messages.candidate('id1')!), query).toBe(true);
      expect(narrowed(search, messages, query), query).toEqual(['id1']);
    }
    expect(narrowed(search, messages, 'nowhere')).toEqual([]);
    search.close();
  });
});
