/** Reports of a store for its operator: damage that it found, background work that failed, mail that it refuses. */

/**
 * Number of reports that are kept for `facts`: the first reports, which describe the start, and the latest
 * ones.
 */
const KEPT = 100;

export class Reports {
  readonly #report: (text: string) => void;
  #lines: readonly string[] = [];

  /** @param report receives each report as one line */
  constructor(report: (text: string) => void = () => undefined) {
    this.#report = report;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  add(text: string): void {
    this.#lines =
      this.#lines.length < 2 * KEPT
        ? [...this.#lines, text]
        : [...this.#lines.slice(0, KEPT), ...this.#lines.slice(KEPT + 1), text];
    this.#report(text);
  }
}
