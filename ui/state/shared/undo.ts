/**
 * Work that can be taken back: what it does is shown at once, and the server is told when the offer to undo it has gone,
 * or when the page goes away. So it is never half undone, and a page that crashes has done nothing.
 */
import { wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { notify } from './toasts.ts';

const pending = new Set<() => Promise<void>>();

addEventListener('pagehide', () => {
  for (const commit of [...pending]) void commit();
});

export interface Deferred {
  /** What the notice says. */
  readonly text: string;
  /** Tells the server. */
  readonly commit: () => Promise<unknown>;
  /** Takes back what was shown, on demand or because the server refused. */
  readonly undo: () => void;
  /** What the notice of a refusal says. */
  readonly failed: (why: string) => string;
}

/** Offers to undo, and commits when the offer has gone. */
export function defer({ text, commit, undo, failed }: Deferred): void {
  const run = async (): Promise<void> => {
    if (!pending.delete(run)) return;
    try {
      await commit();
    } catch (error) {
      undo();
      notify(failed(wordsOf(error)), { tone: 'danger' });
    }
  };
  pending.add(run);
  const takeBack = (): void => {
    if (pending.delete(run)) undo();
  };
  notify(text, { action: { label: s.undo, run: takeBack }, ended: () => void run() });
}

/** Tells what was done, with a way to undo it. */
export const offerUndo = (text: string, undo: () => void): void =>
  void notify(text, { action: { label: s.undo, run: undo } });
