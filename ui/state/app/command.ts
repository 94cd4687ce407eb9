/**
 * The type of a command, which the user runs by a keyboard shortcut, from the command palette, or by both.
 */
import type { strings } from '../../strings.ts';

export interface Command {
  readonly id: string;
  readonly group: keyof typeof strings.shortcuts.groups;
  readonly label: string;
  /**
   * The keyboard shortcuts of the command; `mod` is Ctrl or ⌘. A command without keys is available only in
   * the command palette.
   */
  readonly keys: readonly string[];
  run(): void;
  /** Returns whether the command is available now; a command without this function is always available. */
  when?(): boolean;
}
