/**
 * The dialogue of one session, kept for the user: bounded, timed, credentials already redacted by who writes. A
 * connection may deliver thousands of messages, so each has the beginning of the session and its own transaction.
 */
import type { TranscriptLine } from '../message/envelope.ts';

/** Lines kept from the beginning of a transaction, and from its end: 1,000 recipients show both. */
const KEPT_FIRST = 100;
const KEPT_LAST = 100;
/** Lines kept from before the first transaction. */
const KEPT_PRELUDE = 100;
/** Characters kept of a line. */
const MAX_LINE = 1000;

export class Transcript {
  readonly #clock: () => number;
  readonly #began: number;
  readonly #prelude: TranscriptLine[] = [];
  #inPrelude = true;
  #first: TranscriptLine[] = [];
  #last: TranscriptLine[] = [];
  #dropped = 0;

  /** @param clock milliseconds; only differences are used. */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#began = clock();
  }

  /** A new transaction begins: what the one before it said goes. */
  beginTransaction(): void {
    this.#inPrelude = false;
    this.#first = [];
    this.#last = [];
    this.#dropped = 0;
  }

  add(from: TranscriptLine['from'], text: string): void {
    const shown = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text;
    const line: TranscriptLine = { at: Math.round(this.#clock() - this.#began), from, text: shown };
    if (this.#inPrelude && this.#prelude.length < KEPT_PRELUDE) this.#prelude.push(line);
    else if (this.#first.length < KEPT_FIRST) this.#first.push(line);
    else this.#addLast(line);
  }

  #addLast(line: TranscriptLine): void {
    this.#last.push(line);
    if (this.#last.length < 2 * KEPT_LAST) return;
    this.#dropped += this.#last.length - KEPT_LAST;
    this.#last = this.#last.slice(-KEPT_LAST);
  }

  lines(): readonly TranscriptLine[] {
    const [next] = this.#last;
    const gap: TranscriptLine[] =
      next === undefined || this.#dropped === 0
        ? []
        : [{ at: next.at, from: 'note', text: `${this.#dropped} lines left out` }];
    return [...this.#prelude, ...this.#first, ...gap, ...this.#last];
  }
}
