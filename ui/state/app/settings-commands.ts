/** The settings as commands, so that the command palette can find each of them. */
import { strings as s } from '../../strings.ts';
import type { Command } from './command.ts';
import { readingDirection } from './direction.ts';
import { toggleNotifications } from '../shared/notifications.ts';
import { printPage } from '../message/printing.ts';
import { badgeOn, density, direction } from '../shared/settings.ts';
import { theme, type Theme } from './theme.ts';

const setting = (id: string, label: string, run: () => void): Command => ({
  id,
  group: 'app',
  label,
  keys: [],
  run,
});

export const settingsCommands: readonly Command[] = [
  ...(['system', 'light', 'dark'] as const).map((name: Theme) =>
    setting(`theme-${name}`, s.commands.themes[name], () => (theme.value = name)),
  ),
  setting(
    'density',
    s.commands.density,
    () => (density.value = density.value === 'compact' ? 'comfortable' : 'compact'),
  ),
  setting(
    'direction',
    s.commands.direction,
    () => (direction.value = readingDirection.value === 'rtl' ? 'ltr' : 'rtl'),
  ),
  setting('notifications', s.commands.notifications, () => void toggleNotifications()),
  setting('badge', s.commands.badge, () => (badgeOn.value = !badgeOn.value)),
  { ...setting('print', s.commands.print, () => void printPage()), keys: ['mod+p'] },
];
