/** What can be done by a key, from the palette, or both. */
import type { strings } from '../../strings.ts';

export interface Command {
  readonly id: string;
  readonly group: keyof typeof strings.shortcuts.groups;
  readonly label: string;
  /** Keys that run it, `mod` being Ctrl or ⌘; none for what only the palette offers. */
  readonly keys: readonly string[];
  run(): void;
  /** Whether it makes sense now; always, when absent. */
  when?(): boolean;
}
