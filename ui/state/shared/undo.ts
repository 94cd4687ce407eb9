/**
 * Performs actions that can be undone: the page shows the result at once, and sends the request when the
 * notice disappears or the page is closed. An action is therefore never undone in part, and a page that
 * crashes has changed nothing on the server.
 */
import { wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { notify } from './toasts.ts';

const pending = new Set<() => Promise<void>>();

addEventListener('pagehide', () => {
  for (const commit of [...pending]) void commit();
});

export interface Deferred {
  /** The text of the notice that offers the undo. */
  readonly text: string;
  /** Sends the request for the action to the server. */
  readonly commit: () => Promise<unknown>;
  /** Restores the previous state of the page, after an undo or because the server refused the request. */
  readonly undo: () => void;
  /** Returns the text of the notice that is shown if the server refuses the request. */
  readonly failed: (why: string) => string;
}

/** Shows a notice that offers to undo an action, and commits the action when the notice disappears. */
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

/** Shows a notice about an action, with a button to undo it. */
export const offerUndo = (text: string, undo: () => void): void =>
  void notify(text, { action: { label: s.undo, run: undo } });
