/** A command: run by a key, from the palette, or both. */
import type { strings } from '../../strings.ts';

export interface Command {
  readonly id: string;
  readonly group: keyof typeof strings.shortcuts.groups;
  readonly label: string;
  /** Keys that run it; `mod` is Ctrl or ⌘. Without keys, only the palette has it. */
  readonly keys: readonly string[];
  run(): void;
  /** Whether the command is available now; without this function, it always is. */
  when?(): boolean;
}
