/**
 * The transcript of one session (commands, replies and remarks) that is shown to the user. The numbers of lines
 * and characters are limited, each line has a time, and the callers remove credentials before they add a line.
 * A connection may deliver thousands of messages, so the transcript of a message contains the start of the
 * session and the transaction of that message.
 */
import type { TranscriptLine } from '../message/envelope.ts';

/** The number of lines that are kept from the start of a transaction. */
const KEPT_FIRST = 100;
/**
 * The number of lines that are kept from the end of a transaction. The lines between the start and the end are
 * omitted, for example in a transaction with 1,000 recipients.
 */
const KEPT_LAST = 100;
/** The number of lines that are kept from the part of the session before the first transaction. */
const KEPT_PRELUDE = 100;
/** The maximum number of characters of a transcript line; the rest is cut off. */
const MAX_LINE = 1000;

export class Transcript {
  readonly #clock: () => number;
  readonly #began: number;
  readonly #prelude: TranscriptLine[] = [];
  #inPrelude = true;
  #first: TranscriptLine[] = [];
  #last: TranscriptLine[] = [];
  #dropped = 0;

  /** @param clock returns a time in milliseconds; only the differences between two times are used */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#began = clock();
  }

  /** Starts a new transaction and removes the lines of the previous transaction. */
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
