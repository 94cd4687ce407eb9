/** Collects what a view of a message in a mail client changes, with one entry per feature and kind of change. */
import { LineTable } from '../../checks/line-table.ts';

/** The maximum length of an excerpt in characters. */
const EXCERPT = 80;

/** A change of the document, or a feature that was left although the client supports only a part of it. */
export interface ViewChange {
  readonly kind: 'removed' | 'changed' | 'partial';
  /** The id (slug) of the feature at Can I email, or the name of another property of the client. */
  readonly feature: string;
  /** The reason for the change, in a sentence. */
  readonly reason: string;
  /** A page that describes the behaviour of the client; `null` if there is none. */
  readonly reference: string | null;
  /** The number of places in the HTML at which the change occurs. */
  readonly count: number;
  /** The line of the first place in the HTML, counted from 1, and the beginning of its source. */
  readonly line: number;
  readonly excerpt: string;
}

export type Reason = Pick<ViewChange, 'kind' | 'feature' | 'reason' | 'reference'>;

const KINDS: readonly ViewChange['kind'][] = ['removed', 'changed', 'partial'];

export class Changes {
  readonly #text: string;
  readonly #found = new Map<string, { readonly reason: Reason; count: number; start: number; end: number }>();

  /** @param text the HTML to which the indexes of the changes refer */
  constructor(text: string) {
    this.#text = text;
  }

  add(reason: Reason, start: number, end: number): void {
    const key = `${reason.kind} ${reason.feature} ${reason.reason}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { reason, count: 1, start, end });
    else {
      known.count++;
      if (start < known.start) Object.assign(known, { start, end });
    }
  }

  /**
   * Returns the changes: removals first, then those with the most places. A feature with removed uses has no other
   * entry about its partial support.
   */
  list(): ViewChange[] {
    const lines = new LineTable(this.#text);
    const found = [...this.#found.values()];
    const removed = new Set(
      found.flatMap(({ reason: { kind, feature } }) => (kind === 'removed' ? [feature] : [])),
    );
    return found
      .filter(({ reason: { kind, feature } }) => kind !== 'partial' || !removed.has(feature))
      .map(({ reason, count, start, end }) => ({
        ...reason,
        count,
        line: lines.placeOf(start).line,
        excerpt: this.#text
          .slice(start, Math.min(end, start + EXCERPT))
          .replace(/\s+/g, ' ')
          .trim(),
      }))
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.count - a.count);
  }
}
