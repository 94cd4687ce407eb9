/** Connects the search index with the state and the raw files of a store. */
import type { Narrow } from './scan.ts';
import { MessageCandidate, type MessageReader } from './candidate.ts';
import { openMessageSearch, type MessageSearch } from '../index/message-search.ts';
import type { State } from '../../model/state.ts';

/** The functions of the search index that the engine uses. */
export interface StoreSearch extends Pick<MessageSearch, 'expect' | 'expectNoMore'> {
  readonly narrow: Narrow;
  close(): Promise<void>;
}

/** @param close ends the background work of the index */
export function storeSearch(index: MessageSearch, close: () => Promise<void>): StoreSearch {
  return {
    narrow: index.narrow,
    expect: (id, signature) => index.expect(id, signature),
    expectNoMore: (id) => index.expectNoMore(id),
    close,
  };
}

const UNSEEN = { seen: false, flagged: false };

export function indexState(state: State, reader: MessageReader, saved?: Buffer): Promise<MessageSearch> {
  return openMessageSearch({
    changes: state.ring,
    ids: () => state.messages.keys(),
    candidate: (id) => {
      const record = state.messages.get(id);
      return record && new MessageCandidate(record, UNSEEN, reader);
    },
    saved,
  });
}
