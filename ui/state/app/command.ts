/** The type of a command, which is run by a keyboard shortcut, from the palette, or by both. */
import type { strings } from '../../strings.ts';

export interface Command {
  readonly id: string;
  readonly group: keyof typeof strings.shortcuts.groups;
  readonly label: string;
  /**
   * Keyboard shortcuts of the command; `mod` is Ctrl or ⌘. A command without keys is available only in the palette.
   */
  readonly keys: readonly string[];
  run(): void;
  /** Returns whether the command is available now; a command without this function is always available. */
  when?(): boolean;
}
