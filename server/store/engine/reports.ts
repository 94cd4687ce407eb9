/**
 * Collects the reports of a store for the operator of the server: damage that was found, background work that
 * failed, and reasons why mail is refused.
 */

/**
 * The number of the first reports since the store was opened that are kept, and the number of the latest reports that
 * are kept. The reports between them are removed from the list.
 */
const KEPT = 100;

export class Reports {
  readonly #report: (text: string) => void;
  #lines: readonly string[] = [];

  /**
   * Creates an empty list of reports.
   * @param report function that is called with each report, a text of one line
   */
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
