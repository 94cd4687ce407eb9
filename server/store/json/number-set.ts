/** A set of numbers, stored as ranges: most of the numbers are consecutive. */
export class NumberSet {
  /** The first number of each range, ascending. `#lasts` contains the last number of each range. */
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];

  has(number: number): boolean {
    const at = this.#rangeUpTo(number);
    return at >= 0 && number <= (this.#lasts[at] ?? -1);
  }

  /** Adds all numbers from `first` to `last`. */
  add(first: number, last: number): void {
    let from = this.#rangeUpTo(first);
    if (from < 0 || (this.#lasts[from] ?? -1) < first - 1) from++;
    let to = from;
    let begin = first;
    let end = last;
    while (to < this.#firsts.length && (this.#firsts[to] ?? 0) <= last + 1) {
      begin = Math.min(begin, this.#firsts[to] ?? begin);
      end = Math.max(end, this.#lasts[to] ?? end);
      to++;
    }
    this.#firsts.splice(from, to - from, begin);
    this.#lasts.splice(from, to - from, end);
  }

  /** Returns the index of the last range whose first number is at most `number`; -1 when there is none. */
  #rangeUpTo(number: number): number {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] ?? 0) <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
